import { CountersignError } from "../domain/error.ts";
import { readReveal } from "./reveal-body.ts";

/** What is to be hidden. */
export interface QuarantineOrder {
  readonly record: string;
  readonly reason: string;
  /** Texts that masking missed. */
  readonly texts: readonly string[];
  /** A text or number that masking missed, as `request:/params/…` or `response:/result/…`; undefined where texts say it all. */
  readonly at: { readonly part: "request" | "response"; readonly pointer: string } | undefined;
}

/** Shorter texts stand in everything. */
export const SHORTEST = 4;
const LONGEST = 16_384;
const MOST = 20;

/** @throws CountersignError `bad_request` that says which field is wrong, and quotes none */
export function readQuarantine(body: Readonly<Record<string, unknown>>): QuarantineOrder {
  const { texts = [], at } = body;
  if (!Array.isArray(texts) || texts.length > MOST || !texts.every(isText))
    throw new CountersignError(
      "bad_request",
      `"texts" must be up to ${MOST} texts of ${SHORTEST} to ${LONGEST} characters`,
    );
  return { ...readReveal(body), texts, at: readPlace(at) };
}

const isText = (value: unknown): value is string =>
  typeof value === "string" && value.length >= SHORTEST && value.length <= LONGEST && value.isWellFormed();

function readPlace(at: unknown): QuarantineOrder["at"] {
  if (at === undefined) return undefined;
  const [, part, pointer] = typeof at === "string" ? (/^(request|response):((?:\/[^/]*)*)$/.exec(at) ?? []) : [];
  if (part === undefined || pointer === undefined)
    throw new CountersignError("bad_request", '"at" must be a leaf such as response:/result/content/0/text');
  return { part: part as "request" | "response", pointer };
}
