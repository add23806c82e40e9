import * as z from "zod";
import { KINDS, RULES } from "../../lambdas/domain/masking/rules/index.ts";
import { expression } from "./expression.ts";
import { parseYaml } from "./yaml-file.ts";

/** The sets of `config/masking.yaml`: each stands for the kinds of one family. */
const SETS = {
  credentials: RULES.filter((rule) => rule.family === "credential").map((rule) => rule.kind),
  personal: RULES.filter((rule) => rule.family === "personal").map((rule) => rule.kind),
} as const;
const CHOICES = [...Object.keys(SETS), ...KINDS];

const choice = z.enum(CHOICES, { error: `one of ${CHOICES.join(", ")}` });
const kind = z.enum(KINDS, { error: `one of ${KINDS.join(", ")}` });
const ownKind = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{1,62}$/, "a name of capitals, digits and underscores, such as EMPLOYEE_NUMBER")
  .refine((name) => !KINDS.includes(name), "a name that no shipped rule has");

/** Texts that no secret is like: an expression that finds something in all of them would mask everything. */
const ORDINARY = ["the quick brown fox", "0123 4567", "äöü — …", "a"];
const ownExpression = expression("u").refine(
  (pattern) => !new RegExp(pattern, "u").test("") && !ORDINARY.every((text) => new RegExp(pattern, "u").test(text)),
  "an expression that does not match everything",
);
/** What passes must be said: a value that everything is like would switch its rule off without saying so. */
const allowedValue = expression("u").refine(
  (pattern) =>
    !["x", "the quick brown fox", "0123 4567 89", "ada@example.com"].every((text) =>
      new RegExp(`^(?:${pattern})$`, "u").test(text),
    ),
  "an expression that does not allow everything: take the kind out with `without` instead",
);

const maskingSchema = z
  .strictObject({
    rules: z
      .array(choice)
      .describe("The shipped rules that are on: the sets credentials and personal, or single kinds"),
    without: z.array(kind).default([]).describe("Kinds of these sets that are off"),
    allow: z.array(
      z.strictObject({
        server: z.string().min(1).optional().describe("Name of the one server this holds for; without it, for all"),
        kind: z.string().min(1),
        value: allowedValue.describe("Expression of whole values that may pass unmasked"),
      }),
    ),
    own: z.array(z.strictObject({ kind: ownKind, pattern: ownExpression.describe("Every match is masked") })),
  })
  .superRefine(({ rules, without, allow, own }, context) => {
    const problem = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
    const chosen = kindsOf(rules);
    for (const [at, name] of without.entries())
      if (!chosen.includes(name)) problem(["without", at], "a kind that `rules` chooses");
    const known = [...KINDS, ...own.map((entry) => entry.kind)];
    for (const [at, entry] of allow.entries())
      if (!known.includes(entry.kind))
        problem(["allow", at, "kind"], "the kind of a shipped rule or of one under `own`");
    for (const [at, entry] of own.entries())
      if (own.findIndex(({ kind: other }) => other === entry.kind) !== at)
        problem(["own", at, "kind"], "a kind that is given once");
  })
  .transform(({ rules, without, allow, own }) => ({
    rules: kindsOf(rules).filter((name) => !without.includes(name)),
    allow,
    own,
  }));

/** In the order of the rules, each once, whatever the order of the file. */
const kindsOf = (choices: readonly string[]): readonly string[] =>
  KINDS.filter(
    (name) =>
      choices.includes(name) ||
      Object.entries(SETS).some(([set, kinds]) => choices.includes(set) && kinds.includes(name)),
  );

/** The whole of `config/masking.yaml`, its sets written out as kinds. */
export type MaskingConfig = z.infer<typeof maskingSchema>;

/**
 * Reads `masking.yaml`.
 *
 * @param file the name to give in problems
 * @throws ConfigError with file, line, path and what is allowed
 */
export const parseMasking = (text: string, file: string): MaskingConfig => parseYaml(text, file, maskingSchema);
