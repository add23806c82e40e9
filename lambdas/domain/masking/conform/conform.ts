import type { Json } from "../../json/json.ts";
import { walk } from "../../json/walk.ts";
import type { Finding } from "../finding.ts";
import { isSchema, type Schema, schemasAt } from "./schemas-at.ts";
import { admits, numberFor, standInFor } from "./stand-in-of.ts";

/** Where a response holds what a tool's output schema is about, by segments. */
const STRUCTURED = ["result", "structuredContent"];

/** Whether anything was masked of what an output schema is about. */
export const touchesStructure = (findings: readonly Finding[]): boolean =>
  findings.some(({ pointer }) => pointer.startsWith(`/${STRUCTURED.join("/")}/`));

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
  const masked = new Set(findings.filter(({ inName }) => inName !== true).map(({ pointer }) => pointer));
  const parts: string[] = [];
  let at = 0;
  walk(text, {
    leaf: ({ kind, offset, length }, path) => {
      if (kind !== "string" && kind !== "number") return;
      const [first, second, ...segments] = path.segments;
      if (first !== STRUCTURED[0] || second !== STRUCTURED[1] || !masked.has(path.pointer())) return;
      const value = JSON.parse(text.slice(offset, offset + length)) as string | number;
      const better = conforming(value, schemasAt(outputSchema, segments));
      if (better === value) return;
      parts.push(text.slice(at, offset), JSON.stringify(better));
      at = offset + length;
    },
  });
  return parts.length === 0 ? text : parts.join("") + text.slice(at);
}

/** What all schemas of a value admit; where they are branches that exclude each other, what the first of them does. */
function conforming(value: string | number, schemas: readonly Schema[]): string | number {
  const kind = typeof value === "number" ? "number" : "string";
  const about = schemas.filter((schema) => admits(schema, kind));
  const together = Object.assign({}, ...about) as Schema;
  for (const schema of [together, ...about]) {
    const better = typeof value === "number" ? numberFor(schema) : standInFor(value, schema);
    if (better !== undefined) return better;
  }
  return value;
}
