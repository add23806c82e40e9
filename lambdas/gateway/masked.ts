import { CountersignError } from "../domain/error.ts";
import type { MaskedBody } from "../domain/evidence/body.ts";
import { maskJson, maskText, type OpenBlock } from "../domain/masking/index.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";

/** Characters that are shown of it. */
const LONGEST_NAME = 256;

/** What the messages of one answer have opened so far and not closed. */
export interface Opened {
  block: OpenBlock;
}

/**
 * @param opened by the messages before it in its answer
 * @returns undefined when the message cannot be masked, and so must be withheld
 */
export async function mask(
  call: Call,
  original: string,
  shown: string,
  house: House,
  opened: Opened = { block: undefined },
): Promise<MaskedBody | undefined> {
  const rules = house.masking(call.server);
  // Outside of what follows: a secret that cannot be read is no fault of the message.
  const keyedHash = await house.keyedHash();
  try {
    const { text: masked, findings, open } = maskJson(shown, rules, keyedHash, opened.block);
    opened.block = open;
    return { original, masked, findings };
  } catch {
    return undefined;
  }
}

/**
 * A name of the server's own choosing, such as a method, or a word about it, as records and answers show it: masked, and cut.
 *
 * @throws CountersignError `masking_failed`
 */
export const shownName = (call: Call, name: string, house: House): string =>
  // Nobody sees the tags.
  maskText(name, house.masking(call.server), () => "")
    .text.slice(0, LONGEST_NAME)
    .toWellFormed();

/** @throws CountersignError `masking_failed` */
export async function maskOrThrow(call: Call, text: string, house: House, opened?: Opened): Promise<MaskedBody> {
  const body = await mask(call, text, text, house, opened);
  if (body === undefined) throw new CountersignError("masking_failed", "a message cannot be masked");
  return body;
}
