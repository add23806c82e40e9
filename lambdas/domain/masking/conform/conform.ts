import type { Json } from "../../json/json.ts";
import { walk } from "../../json/walk.ts";
import type { Finding } from "../finding.ts";
import { MASKED, type Shown } from "./may-be.ts";
import { isSchema } from "./schema.ts";
import { schemasIn } from "./schemas-at.ts";
import { numberFor, standInFor } from "./stand-in-of.ts";

/** Where a response holds what a tool's output schema is about, by segments. */
const STRUCTURED = ["result", "structuredContent"];

/** Whether anything was masked of what an output schema is about. */
export const touchesStructure = (findings: readonly Finding[]): boolean =>
  findings.some(({ pointer }) => pointer.startsWith(`/${STRUCTURED.join("/")}/`));

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
 * stays an address, a date a date. Where nothing conforms, the mask stays: `relaxed` is what the client was listed.
 *
 * @param text a masked response
 * @param findings what was masked in it
 * @param outputSchema as the tool declares it, masked like the list that the client saw
 */
export function conform(text: string, findings: readonly Finding[], outputSchema: Json): string {
  if (!isSchema(outputSchema) || !touchesStructure(findings)) return text;
  const leaves = maskedLeaves(text, findings);
  const schemasAt = schemasIn(outputSchema, shownWith(text, leaves));
  const parts: string[] = [];
  let at = 0;
  for (const { value, offset, length, segments } of leaves) {
    const schemas = schemasAt(segments);
    const better =
      typeof value === "number" ? numberFor(schemas, outputSchema) : standInFor(value, schemas, outputSchema);
    if (better === undefined || better === value) continue;
    parts.push(text.slice(at, offset), JSON.stringify(better));
    at = offset + length;
  }
  return parts.length === 0 ? text : parts.join("") + text.slice(at);
}

function maskedLeaves(text: string, findings: readonly Finding[]): readonly Leaf[] {
  const masked = new Set(findings.filter(({ inName }) => inName !== true).map(({ pointer }) => pointer));
  const leaves: Leaf[] = [];
  walk(text, {
    leaf: ({ kind, offset, length }, path) => {
      if (kind !== "string" && kind !== "number") return;
      const [first, second, ...segments] = path.segments;
      if (first !== STRUCTURED[0] || second !== STRUCTURED[1] || !masked.has(path.pointer())) return;
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
