import * as z from "zod";
import { CountersignError } from "../../lambdas/domain/error.ts";
import { claimsRead } from "../../lambdas/domain/identity/claims-read.ts";
import type { Principal } from "../../lambdas/domain/identity/principal.ts";
import { principalOfClaims } from "../../lambdas/domain/identity/principal-of-claims.ts";
import type { Config } from "./schema.ts";
import { parseYaml } from "./yaml-file.ts";

const names = z.array(z.string().min(1));

/** Whom a case is played as: the claims of a token, as its issuer writes them, become a principal as they do at the gateway. */
const principalFor = ({ identity: { issuers }, groups }: Config) =>
  z
    .strictObject({
      issuer: z.enum(issuers.map(({ name }) => name)).describe("Name of the issuer in gateway.yaml"),
      claims: z.record(z.string(), z.json()).describe("Claims of the token, as the issuer writes them"),
    })
    .transform(({ issuer: named, claims }, context): Principal => {
      const complain = (path: string[], message: string) => {
        context.addIssue({ code: "custom", path, message });
        return z.NEVER;
      };
      const issuer = issuers.find(({ name }) => name === named);
      if (issuer === undefined) return z.NEVER;
      const read = claimsRead(issuer);
      const unread = Object.keys(claims).filter((claim) => !read.includes(claim));
      for (const claim of unread) complain(["claims", claim], `a claim that is read of ${named}: ${read.join(", ")}`);
      if (unread.length > 0) return z.NEVER;
      try {
        return principalOfClaims(claims, issuer, groups);
      } catch (error) {
        if (!(error instanceof CountersignError)) throw error;
        return complain(["claims"], `claims that name a principal (${error.message})`);
      }
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
    (it) => !(it.tool ?? it.prompt ?? it.uri ?? it.method) || it.server !== "",
    "a server beside tool, prompt, uri or method",
  )
  .refine(
    (it) => it.action !== "administer" || !(it.prompt ?? it.uri ?? it.method),
    "administer is of a tool, or of a principal where none is given",
  )
  .refine(
    (it) =>
      !(it.destructiveHint || it.changed) ||
      (it.tool !== undefined && (it.action === "call" || it.action === "breakGlass")),
    "destructiveHint and changed are of a tool that is called",
  );

const schemaFor = (config: Config) =>
  z
    .strictObject({ principals: z.record(z.string(), principalFor(config)), cases: z.array(testCase).min(1) })
    .superRefine(({ principals, cases }, context) => {
      const servers = config.servers.map(({ name }) => name);
      cases.forEach(({ as, name, server }, at) => {
        const complain = (key: string, message: string) =>
          context.addIssue({ code: "custom", path: ["cases", at, key], message });
        if (!Object.hasOwn(principals, as)) complain("as", `one of ${Object.keys(principals).join(", ")}`);
        if (server !== "" && !servers.includes(server))
          complain("server", `one of ${servers.join(", ")} (servers of gateway.yaml)`);
        if (cases.findIndex((other) => other.name === name) !== at) complain("name", "another case has this name");
      });
    });

/** The whole of `config/policies/tests.yaml`, with principals in place of their tokens. */
export type PolicyTests = z.infer<ReturnType<typeof schemaFor>>;
export type PolicyCase = PolicyTests["cases"][number];

/**
 * Reads `tests.yaml`.
 *
 * @param file the name to give in problems
 * @param config whose issuers and servers it names
 * @throws ConfigError with file, line, path and what is allowed
 */
export const parsePolicyTests = (text: string, file: string, config: Config): PolicyTests =>
  parseYaml(text, file, schemaFor(config));
