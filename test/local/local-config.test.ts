import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Principal } from "../../lambdas/domain/identity/principal.ts";
import { principalOfClaims } from "../../lambdas/domain/identity/principal-of-claims.ts";
import { decide, mayDiscover } from "../../lambdas/domain/policy/decide.ts";
import { type PolicyEngine, policyEngine } from "../../lambdas/domain/policy/engine.ts";
import type { Subject } from "../../lambdas/domain/policy/question.ts";
import { buildSettings, type Settings } from "../../lib/config/settings.ts";
import { type LocalServer, writeLocalConfig } from "../../local/local-config.ts";
import type { Oidc } from "../../local/oidc/server.ts";

const ISSUER = "http://127.0.0.1:1";
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** The local configuration with these servers, as the functions read it. */
function settingsWith(...names: readonly string[]): Settings {
  const folder = mkdtempSync(join(tmpdir(), "countersign-local-"));
  folders.push(folder);
  const nobody = () => Promise.reject(new Error("there is no sign-in here"));
  const oidc: Oidc = {
    issuer: ISSUER,
    jwksUri: `${ISSUER}/jwks`,
    ciIssuer: `${ISSUER}/ci`,
    ciJwksUri: `${ISSUER}/ci/jwks`,
    ciSecret: "",
    forge: nobody,
    stop: nobody,
  };
  const servers = names.map((name): LocalServer => ({ name, url: `${ISSUER}/${name}`, credential: "" }));
  return buildSettings(writeLocalConfig({ folder, publicUrl: "http://127.0.0.1:2", oidc, servers, times: {} }));
}

test("the adopter's rules hold here, though a server that they name is elsewhere", () => {
  const { config } = settingsWith("lab", "everything");
  expect(config.servers.map(({ name, url }) => [name, url])).toEqual([
    ["lab", `${ISSUER}/lab`],
    ["everything", `${ISSUER}/everything`],
    ["ops", "https://ops.invalid/mcp"],
  ]);
});

describe("the client ci-build", () => {
  let job: Principal;
  let engine: PolicyEngine;
  beforeAll(() => {
    const { config, policy } = settingsWith("ops", "everything");
    const issuer = config.identity.issuers.find(({ name }) => name === "ci");
    if (issuer === undefined) throw new Error("the local stack has no issuer ci");
    job = principalOfClaims({ sub: "ci-build", client_id: "ci-build" }, issuer, config.groups);
    engine = policyEngine(policy);
  });
  const tool = (server: string, name = "echo"): Subject => ({ kind: "tool", server, name });
  const decided = (who: Principal, subject: Subject, risks: readonly string[] = []) =>
    decide(who, subject, { method: "tools/call", risks, arguments: {}, at: 0 }, engine);

  test("sees ops, calls what is free of risk there, and asks for the rest", () => {
    expect(mayDiscover(job, tool("ops"), engine, { at: 0 })).toBe(true);
    expect(decided(job, tool("ops"))).toMatchObject({ kind: "allow", policies: ["ci-build-calls-ops"] });
    expect(decided(job, tool("ops"), ["iam-change"])).toMatchObject({
      kind: "approve",
      policies: ["ci-build-asks"],
      group: "platform",
    });
  });

  test("sees, calls and asks for nothing elsewhere", () => {
    expect(mayDiscover(job, tool("everything"), engine, { at: 0 })).toBe(false);
    for (const risks of [[], ["iam-change"]])
      expect(decided(job, tool("everything"), risks)).toMatchObject({ kind: "deny", policies: [] });
  });

  test("of another issuer calls nothing", () => {
    expect(decided({ ...job, id: "local|ci-build" }, tool("ops"))).toMatchObject({ kind: "deny", policies: [] });
  });
});
