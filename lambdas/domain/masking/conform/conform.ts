import type { Json } from "../../json/json.ts";
import { walk } from "../../json/walk.ts";
import type { Finding } from "../finding.ts";
import { MASKED, type Shown } from "./may-be.ts";
import { isSchema, type Reading, type Schema } from "./schema.ts";
import { schemasIn } from "./schemas-at.ts";
import { numberFor, standInFor } from "./stand-in-of.ts";
import { Steps } from "./steps.ts";

/** Where a response holds what a tool's output schema is about, by segments. */
const STRUCTURED = ["result", "structuredContent"];
const STRUCTURED_AT = `/${STRUCTURED.join("/")}`;

/** Steps for an answer: so many, and so many more for each of its characters. */
const STEPS = 200_000;
const STEPS_OF_CHARACTER = 2;

/** Whether anything was masked of what an output schema is about. */
export const touchesStructure = (findings: readonly Finding[]): boolean =>
  findings.some(({ pointer }) => pointer === STRUCTURED_AT || pointer.startsWith(`${STRUCTURED_AT}/`));

/** A leaf with something masked in it. */
interface Leaf {
  readonly value: string | number;
  readonly offset: number;
  readonly length: number;
  /** Below the structured content. */
  readonly segments: readonly (string | number)[];
}

/**
 * Makes the masks in a result's structured content conform to its tool's output schema, for clients check it: an address
 * stays an address, a date a date. Where nothing conforms, the mask stays: `relaxed` is what the client was listed. So do
 * all further masks when a schema takes more steps than an answer of its length may.
 *
 * @param text a masked response
 * @param findings what was masked in it
 * @param outputSchema as the tool declares it, masked like the list that the client saw
 */
export function conform(text: string, findings: readonly Finding[], outputSchema: Json): string {
  if (!isSchema(outputSchema) || !touchesStructure(findings)) return text;
  const leaves = maskedLeaves(text, findings);
  const reading = { root: outputSchema, steps: new Steps(STEPS + STEPS_OF_CHARACTER * text.length) };
  const schemasAt = schemasIn(reading, shownWith(text, leaves));
  const betterThan = makerOf(reading);
  const parts: string[] = [];
  let at = 0;
  for (const { value, offset, length, segments } of leaves) {
    const schemas = schemasAt(segments);
    if (reading.steps.areSpent) break;
    const better = betterThan(value, schemas);
    if (better === undefined || better === value) continue;
    parts.push(text.slice(at, offset), JSON.stringify(better));
    at = offset + length;
  }
  return parts.length === 0 ? text : parts.join("") + text.slice(at);
}

/** Makes what conforms; for the same value and the same schemas once, for an answer says the same of many. */
function makerOf(
  reading: Reading,
): (value: string | number, schemas: readonly Schema[]) => string | number | undefined {
  const numbers = new Map<Schema, number>();
  const numberOf = (schema: Schema) => {
    const known = numbers.get(schema) ?? numbers.size;
    numbers.set(schema, known);
    return known;
  };
  const made = new Map<string, string | number | undefined>();
  return (value, schemas) => {
    reading.steps.take(schemas.length);
    const kind = typeof value === "number" ? "" : value;
    const key = `${typeof value} ${schemas.map(numberOf).join()} ${kind}`;
    if (!made.has(key))
      made.set(key, typeof value === "number" ? numberFor(schemas, reading) : standInFor(value, schemas, reading));
    return made.get(key);
  };
}

function maskedLeaves(text: string, findings: readonly Finding[]): readonly Leaf[] {
  const masked = new Set(findings.filter(({ inName }) => inName !== true).map(({ pointer }) => pointer));
  const leaves: Leaf[] = [];
  walk(text, {
    leaf: ({ kind, offset, length }, path) => {
      if (kind !== "string" && kind !== "number") return;
      const [first, second, ...segments] = path.segments;
      if (first !== STRUCTURED[0] || second !== STRUCTURED[1] || !masked.has(path.pointer().toWellFormed())) return;
      const value = JSON.parse(text.slice(offset, offset + length)) as string | number;
      leaves.push({ value, offset, length, segments });
    },
  });
  return leaves;
}

/** The structured content, with a sign where something was masked. */
function shownWith(text: string, leaves: readonly Leaf[]): Shown {
  const content = { shown: STRUCTURED.reduce((value, name) => value[name], JSON.parse(text)) as Shown };
  for (const { segments } of leaves) {
    let within: unknown = content;
    let name: string | number = "shown";
    for (const segment of segments) {
      within = isContainer(within) ? Reflect.get(within, name) : undefined;
      name = segment;
    }
    // Of two members of a name the parser keeps the last.
    if (isContainer(within)) Object.defineProperty(within, name, { value: MASKED, enumerable: true });
  }
  return content.shown;
}

const isContainer = (value: unknown): value is object => typeof value === "object" && value !== null;
