import { keepBody, type MaskedBody } from "../domain/evidence/body.ts";
import { METRIC } from "../metric-names.ts";
import type { Call } from "./call.ts";
import { entryOf, type Step } from "./entries.ts";
import type { House } from "./house.ts";

/** What became of the outcomes of an exchange, by its calls: a stream that is taken up again also answers an earlier one. */
const outcomes = new WeakMap<AbortController, Map<string, Promise<boolean>>>();

/**
 * Appends a step of a call, with the body of the answer where there is one. A call ends once: its stream may be over for
 * two reasons at the same time, and where the ledger is slow both come here.
 *
 * @returns false when it is not surely written: then nothing of it may be released
 */
export function recorded(call: Call, step: Step, body: MaskedBody | undefined, house: House): Promise<boolean> {
  if (step.type !== "call.completed") return appended(call, step, body, house);
  const known = outcomes.get(call.ended) ?? new Map<string, Promise<boolean>>();
  outcomes.set(call.ended, known);
  const outcome = known.get(call.id) ?? appended(call, step, body, house);
  known.set(call.id, outcome);
  return outcome;
}

async function appended(call: Call, step: Step, body: MaskedBody | undefined, house: House): Promise<boolean> {
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
