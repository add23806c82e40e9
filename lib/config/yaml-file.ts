import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import type * as z from "zod";
import { allowedKeys } from "./allowed-keys.ts";
import { ConfigError } from "./config-error.ts";

/**
 * Reads YAML against a schema.
 *
 * @throws ConfigError: one line for each mistake, with file, line, path, what was found and what is allowed there
 */
export function parseYaml<T>(text: string, file: string, schema: z.ZodType<T>): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const wrong = [...document.errors, ...document.warnings];
  if (wrong.length > 0)
    throw new ConfigError(wrong.map((e) => `${file}:${lines.linePos(e.pos[0]).line}: ${e.message.split("\n")[0]}`));
  const value = contentOf(document, file);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ConfigError(
    result.error.issues.map((issue) => `${file}:${lineOfPath(text, placeOf(issue))}: ${explain(issue, value, schema)}`),
  );
}

/** @throws ConfigError for aliases of aliases that would be more than any configuration holds */
function contentOf(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new ConfigError([`${file}: ${error instanceof Error ? error.message : "cannot be read"}`]);
  }
}

/** Line of an entry in a YAML text. A missing entry has no line of its own: the nearest thing that holds it does. */
export function lineOfPath(text: string, path: readonly PropertyKey[]): number {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

/** Where a mistake stands: for an unknown key that key itself. */
const placeOf = (issue: z.core.$ZodIssue) =>
  issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : issue.path;

/** A path as problems name it: `risks[0].where.server`. */
export const writtenPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}${text && "."}${String(key)}`),
    "",
  );

/** Path, what was found, what is allowed. */
function explain(issue: z.core.$ZodIssue, value: unknown, schema: z.ZodType): string {
  const where = writtenPath(issue.path) || "the file";
  const found = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
  if (issue.code === "unrecognized_keys")
    return `${where}: unknown key ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}, allowed: ${allowedKeys(schema, issue.path, found).join(", ")}`;
  return `${where}: found ${shown(found)}, allowed: ${allowed(issue)}`;
}

const shown = (found: unknown) =>
  found === undefined ? "nothing" : (JSON.stringify(found) ?? String(found)).slice(0, 80);

const allowed = (issue: z.core.$ZodIssue): string => {
  if (issue.code === "invalid_value") return issue.values.map(String).join(", ");
  return issue.message
    .replace(/^Invalid input: expected (\w+).*$/, "a value of type $1")
    .replace(/^Invalid string: /, "");
};
