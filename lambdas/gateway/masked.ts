import { CountersignError } from "../domain/error.ts";
import type { MaskedBody } from "../domain/evidence/body.ts";
import { maskJson } from "../domain/masking/index.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";

/** @returns undefined when the message cannot be masked, and so must be withheld */
export async function mask(call: Call, original: string, shown: string, house: House): Promise<MaskedBody | undefined> {
  try {
    const { text: masked, findings } = maskJson(shown, house.masking(call.server), await house.keyedHash());
    return { original, masked, findings };
  } catch {
    return undefined;
  }
}

/** @throws CountersignError `masking_failed` */
export async function maskOrThrow(call: Call, text: string, house: House): Promise<MaskedBody> {
  const body = await mask(call, text, text, house);
  if (body === undefined) throw new CountersignError("masking_failed", "a message cannot be masked");
  return body;
}
