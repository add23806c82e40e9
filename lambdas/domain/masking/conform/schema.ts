import type { Json } from "../../json/json.ts";
import type { Steps } from "./steps.ts";

/** A JSON Schema that is an object; the others are `true` and `false`. */
export type Schema = { readonly [keyword: string]: Json };

export const isSchema = (value: Json | undefined): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The schemas under a keyword that holds one or many. */
export const listed = (value: Json | undefined): readonly Schema[] =>
  (Array.isArray(value) ? (value as readonly Json[]) : [value]).filter(isSchema);

/** The schemas under a keyword that holds them by name. */
export const named = (value: Json | undefined): readonly Schema[] =>
  isSchema(value) ? Object.values(value).filter(isSchema) : [];

/** The branches of which one, or exactly one, must hold. */
export const branchesOf = ({ anyOf, oneOf }: Schema): readonly Schema[] =>
  [anyOf, oneOf].flatMap((union) => (Array.isArray(union) ? listed(union) : []));

/** Whether a schema admits values of a kind, as far as its type says. */
export function admits({ type }: Schema, kind: string): boolean {
  if (type === undefined) return true;
  const types = Array.isArray(type) ? (type as readonly Json[]) : [type];
  return types.includes(kind) || (kind === "number" && types.includes("integer"));
}

/** How much a schema says at its own level: what looking at it once costs. */
export function breadthOf(schema: Schema, keywords: readonly string[] = Object.keys(schema)): number {
  let breadth = 1 + keywords.length;
  for (const keyword of keywords) {
    const value = schema[keyword];
    if (Array.isArray(value)) breadth += value.length;
    else if (isSchema(value)) breadth += Object.keys(value).length;
  }
  return breadth;
}

/** An output schema, and what reading it may still take. */
export interface Reading {
  readonly root: Schema;
  readonly steps: Steps;
}
