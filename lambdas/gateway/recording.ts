import { keepBody, type MaskedBody } from "../domain/evidence/body.ts";
import { METRIC } from "../metric-names.ts";
import type { Call } from "./call.ts";
import { entryOf, type Step } from "./entries.ts";
import type { House } from "./house.ts";

/**
 * Appends a step of a call, with the body of the answer where there is one.
 * @returns false when it is not surely written: then nothing of it may be released
 */
export async function recorded(call: Call, step: Step, body: MaskedBody | undefined, house: House): Promise<boolean> {
  try {
    if (body === undefined) {
      await house.writer.append(entryOf(call, step, house));
      return true;
    }
    const part = step.type === "call.completed" ? "response" : `relayed-${house.newId(house.now())}`;
    const kept = await keepBody(body, { call: call.id, part }, house.contentKey, house.bodies);
    await house.writer.append(
      entryOf(call, { ...step, response: kept.body }, house),
      kept.sealed === undefined ? {} : { response: kept.sealed },
    );
    return true;
  } catch (error) {
    house.tell(METRIC.notRecorded, "a step of a call could not be recorded", error, idsOf(call));
    return false;
  }
}

/** By what a call is found: in the ledger, and in the API's access log. */
export const idsOf = ({ id, source }: Call) => ({ call: id, requestId: source.requestId });

/** Messages that are recorded together, as one body: a JSON array of them, in their order. */
export function together(bodies: readonly MaskedBody[]): MaskedBody | undefined {
  const [first] = bodies;
  if (bodies.length < 2) return first;
  return {
    original: `[${bodies.map(({ original }) => original).join(",")}]`,
    masked: `[${bodies.map(({ masked }) => masked).join(",")}]`,
    findings: bodies.flatMap(({ findings }, at) =>
      findings.map((finding) => ({ ...finding, pointer: `/${at}${finding.pointer}` })),
    ),
  };
}

/** What a record keeps of a body that may not be shown: the original is sealed beside it. */
export const hidden = (original: string): MaskedBody => ({ original, masked: '"[WITHHELD]"', findings: [] });
