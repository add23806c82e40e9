import * as z from "zod";
import { KINDS } from "../../lambdas/domain/masking/rules/index.ts";
import { expression } from "./expression.ts";
import { parseYaml } from "./yaml-file.ts";

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

const maskingSchema = z.strictObject({
  rules: z.array(kind).describe("The shipped rules that are on"),
  allow: z.array(
    z.strictObject({
      server: z.string().min(1).optional().describe("Name of the one server this holds for; without it, for all"),
      kind: z.string().min(1),
      value: expression("u").describe("Expression of whole values that may pass unmasked"),
    }),
  ),
  own: z.array(z.strictObject({ kind: ownKind, pattern: ownExpression.describe("Every match is masked") })),
});

/** The whole of `config/masking.yaml`. */
export type MaskingConfig = z.infer<typeof maskingSchema>;

/**
 * Reads `masking.yaml`.
 *
 * @param file the name to give in problems
 * @throws ConfigError with file, line, path and what is allowed
 */
export const parseMasking = (text: string, file: string): MaskingConfig => parseYaml(text, file, maskingSchema);
