import * as z from "zod";
import { expression } from "./expression.ts";
import { parseYaml } from "./yaml-file.ts";

const matching = expression("i");

const where = z.strictObject({
  server: z.string().min(1).optional().describe("Name of the one server it is about"),
  method: z.string().min(1).optional().describe("MCP method, such as tools/call"),
  tool: matching
    .optional()
    .describe("Expression over the tool's name, read in lower case with underscores (createRole is create_role)"),
  destructiveHint: z.literal(true).optional().describe("Only tools that their server says may destroy"),
});

const argument = z.strictObject({
  pointer: z
    .string()
    .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, "a JSON pointer such as /bucket")
    .optional()
    .describe("The one argument looked at; without it, every string anywhere in the arguments"),
  pattern: matching,
  unless: matching.optional().describe("Matched text that this expression matches too earns no risk: an allow-list"),
});

const risk = z
  .strictObject({
    risk: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, "a lower-case label such as iam-change"),
    description: z.string().min(1).describe("What an approver reads"),
    where: where.optional(),
    argument: argument.optional(),
  })
  .refine((entry) => entry.argument || entry.where?.tool || entry.where?.destructiveHint, {
    error: "an entry with an argument, a tool or a destructiveHint: this one would match every call",
  });

const risksSchema = z.strictObject({ risks: z.array(risk).min(1) });

/** The whole of `config/risks.yaml`. */
export type RisksConfig = z.infer<typeof risksSchema>;

/**
 * Reads `risks.yaml`.
 *
 * @param file the name to give in problems
 * @throws ConfigError with file, line, path and what is allowed
 */
export const parseRisks = (text: string, file: string): RisksConfig => parseYaml(text, file, risksSchema);
