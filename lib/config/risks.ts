import * as z from "zod";
import { expression } from "./expression.ts";
import { parseYaml } from "./yaml-file.ts";

const matching = expression("i");

/** What a SQL statement does, as far as a risk can name it. docs/risks.md says what each covers. */
export const STATEMENTS = [
  "drop",
  "truncate",
  "delete-without-where",
  "update-without-where",
  "grant",
  "role",
  "run-program",
  "run-code",
  "read-file",
  "write-file",
  "network",
  "read-credentials",
  "stop-logging",
  "change-server",
] as const;

/** What a shell script does beside running commands. docs/risks.md says what each covers. */
export const CONSTRUCTS = ["pipe-to-interpreter", "pipe-to-host", "run-what-was-written", "unknown-command"] as const;

/** Words in order; `a|b` either, `*` any part of a word, `...` any words. */
const words = z
  .string()
  .regex(/^\S+(?: \S+)*$/, "words with one blank between them")
  .max(1000);

const where = z.strictObject({
  server: z.string().min(1).optional().describe("Name of the one server it is about"),
  method: z.string().min(1).optional().describe("MCP method, such as tools/call"),
  tool: matching
    .optional()
    .describe("Expression over the tool's name, read in lower case with underscores (createRole is create_role)"),
  tools: z
    .array(words)
    .min(1)
    .optional()
    .describe("The words of the tool's name, such as `... create|delete ... role|policy ...`; one of these"),
  destructiveHint: z.literal(true).optional().describe("Only tools that their server says may destroy"),
});

const shell = z
  .strictObject({
    commands: z.array(words).min(1).optional().describe("Commands, such as `rm -r|--recursive`"),
    writesTo: z.array(words).min(1).optional().describe("Files that a redirection writes, such as `/dev/sd*`"),
    constructs: z.array(z.enum(CONSTRUCTS)).min(1).optional(),
  })
  .refine((entry) => entry.commands || entry.writesTo || entry.constructs, "commands, writesTo or constructs");

const argument = z
  .strictObject({
    pointer: z
      .string()
      .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, "a JSON pointer such as /bucket")
      .optional()
      .describe("The one argument looked at; without it, everything anywhere in the arguments"),
    names: z
      .array(words)
      .min(1)
      .optional()
      .describe(
        "The words of the names that lead to it, at any depth: `... bucket name` is bucketName, bucket_name and {bucket: {name}}; one of these",
      ),
    pattern: matching.optional(),
    matchCase: z.literal(true).optional().describe("The pattern heeds upper and lower case"),
    prose: z.literal(false).optional().describe("The pattern is not looked for in what is written for people to read"),
    shell: shell.optional().describe("What a shell command does"),
    sql: z.array(z.enum(STATEMENTS)).min(1).optional().describe("What a SQL statement does"),
    unless: matching
      .optional()
      .describe("Matched text (of a command: the word that matched last) that this matches too is allowed"),
  })
  .refine(
    (entry) => [entry.pattern, entry.shell, entry.sql].filter((matcher) => matcher !== undefined).length === 1,
    "one of pattern, shell and sql",
  );

const risk = z
  .strictObject({
    risk: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, "a lower-case label such as iam-change"),
    description: z.string().min(1).describe("What an approver reads"),
    where: where.optional(),
    argument: argument.optional(),
  })
  .refine((entry) => entry.argument || entry.where?.tool || entry.where?.tools || entry.where?.destructiveHint, {
    error: "an entry with an argument, a tool or a destructiveHint: this one would match every call",
  });

const risksSchema = z.strictObject({ risks: z.array(risk).min(1) });

/** The whole of `config/risks.yaml`. */
export type RisksConfig = z.infer<typeof risksSchema>;
export type StatementKind = (typeof STATEMENTS)[number];
export type ShellConstruct = (typeof CONSTRUCTS)[number];

/**
 * Reads `risks.yaml`.
 *
 * @param file the name to give in problems
 * @throws ConfigError with file, line, path and what is allowed
 */
export const parseRisks = (text: string, file: string): RisksConfig => parseYaml(text, file, risksSchema);
