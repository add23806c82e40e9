import { isNode, LineCounter, parseDocument } from "yaml";
import * as z from "zod";
import { ConfigError } from "./load.ts";

/** Text of a regular expression that compiles under the given flags. */
export const expression = (flags: string) =>
  z
    .string()
    .min(1)
    .superRefine((source, context) => {
      try {
        new RegExp(source, flags);
      } catch (error) {
        context.addIssue({
          code: "custom",
          continue: false,
          message: `a regular expression (${error instanceof Error ? error.message : "unreadable"})`,
        });
      }
    });

/**
 * Reads YAML against a schema.
 *
 * @throws ConfigError: one line for each mistake, with file, line, path and what is allowed there
 */
export function parseRuleFile<T>(text: string, file: string, schema: z.ZodType<T>): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const wrong = [...document.errors, ...document.warnings];
  if (wrong.length > 0)
    throw new ConfigError(wrong.map((e) => `${file}:${lines.linePos(e.pos[0]).line}: ${e.message.split("\n")[0]}`));
  const result = schema.safeParse(document.toJS() as unknown);
  if (result.success) return result.data;
  throw new ConfigError(
    result.error.issues.map(
      (issue) => `${file}:${lineOf(issue.path)}: ${issue.path.join(".") || "the file"}: ${issue.message}`,
    ),
  );

  /** A missing entry has no line of its own: the nearest thing that holds it does. */
  function lineOf(path: readonly PropertyKey[]): number {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  }
}
