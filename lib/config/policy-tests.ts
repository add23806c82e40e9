import * as z from "zod";
import { parseYaml } from "./yaml-file.ts";

const names = z.array(z.string().min(1));

const principal = z.strictObject({
  kind: z.enum(["user", "workload"]),
  issuer: z.string().min(1).default("company").describe("Name of the issuer in gateway.yaml"),
  subject: z.string().min(1).describe("`sub` of the token"),
  client: z.string().default("test").describe("OAuth client that holds the token"),
  groups: names.default([]),
  person: z.string().nullable().default(null),
  initiator: z.string().nullable().default(null),
  scopes: names.default([]),
  amr: names.default([]),
  acr: z.string().nullable().default(null),
  authTime: z.int().nullable().default(null),
  claims: z.record(z.string(), z.string()).default({}),
});

const expected = z.strictObject({
  decision: z.enum(["allow", "deny", "approve"]),
  policies: names.optional().describe("Exactly those that made the decision"),
  group: z.string().optional().describe("The approver group that is asked"),
  risks: names.optional().describe("Exactly those that the call earns"),
});

const testCase = z
  .strictObject({
    name: z.string().min(1),
    as: z.string().min(1).describe("One of `principals`"),
    action: z
      .enum(["call", "discover", "breakGlass", "approve", "reveal", "audit", "hold", "administer"])
      .default("call")
      .describe("call: a message as a client sends it, whatever its method"),
    server: z.string().default(""),
    tool: z.string().min(1).optional(),
    prompt: z.string().min(1).optional(),
    uri: z.string().min(1).optional().describe("Of a resource that is read"),
    method: z.string().min(1).optional().describe("Any other method, with `params`"),
    params: z.record(z.string(), z.json()).optional(),
    arguments: z.record(z.string(), z.json()).optional(),
    destructiveHint: z.boolean().default(false).describe("Whether the tool's server says that it may destroy"),
    changed: z.boolean().default(false).describe("Whether the tool is no longer what was pinned"),
    risks: names.default([]).describe("For approve alone: what the call earned"),
    group: z.string().default("").describe("For approve alone: the group that was asked"),
    at: z.iso.datetime({ offset: true }).default("2026-01-06T12:00:00Z"),
    ip: z.string().default("192.0.2.1"),
    userAgent: z.string().default(""),
    session: z.enum(["opened", "sealed", "stateless"]).default("stateless"),
    expect: expected,
  })
  .refine(
    (it) => [it.tool, it.prompt, it.uri, it.method].filter(Boolean).length <= 1,
    "one of tool, prompt, uri, method",
  )
  .refine(
    (it) =>
      !(it.destructiveHint || it.changed) ||
      (it.tool !== undefined && (it.action === "call" || it.action === "breakGlass")),
    "destructiveHint and changed are of a tool that is called",
  );

const schema = z
  .strictObject({ principals: z.record(z.string(), principal), cases: z.array(testCase).min(1) })
  .superRefine(({ principals, cases }, context) => {
    cases.forEach(({ as, name }, at) => {
      if (!Object.hasOwn(principals, as))
        context.addIssue({
          code: "custom",
          path: ["cases", at, "as"],
          message: `one of ${Object.keys(principals).join(", ")}`,
        });
      if (cases.findIndex((other) => other.name === name) !== at)
        context.addIssue({ code: "custom", path: ["cases", at, "name"], message: "another case has this name" });
    });
  });

/** The whole of `config/policies/tests.yaml`. */
export type PolicyTests = z.infer<typeof schema>;
export type PolicyCase = PolicyTests["cases"][number];
export type PolicyTestPrincipal = PolicyTests["principals"][string];

/**
 * Reads `tests.yaml`.
 *
 * @param file the name to give in problems
 * @throws ConfigError with file, line, path and what is allowed
 */
export const parsePolicyTests = (text: string, file: string): PolicyTests => parseYaml(text, file, schema);
