import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { encodeTime } from "ulid";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { simulate as tellChanges } from "../../bin/commands/policy-simulate.ts";
import { testPolicies } from "../../bin/commands/policy-test.ts";
import { oldClient } from "../../demo/clients.ts";
import { openStage } from "../../demo/open-stage.ts";
import type { Stage } from "../../demo/stage.ts";
import { type Vault, vault } from "../../lambdas/aws/vault.ts";
import { partitionOf } from "../../lambdas/domain/evidence/archive-object.ts";
import { TRANSCRIPTS } from "../../lambdas/domain/evidence/prefixes.ts";

const run = promisify(execFile);

/** Runs the command line in a process of its own; a failure is told by its exit code and what it says. */
async function countersign(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  try {
    return {
      code: 0,
      ...(await run(process.execPath, ["bin/cli.ts", ...args], { env: { PATH: process.env.PATH, ...environment } })),
    };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

const DAY = 86_400_000;

/** A working copy of the rules that a test may change. */
let folder: string;
const config = () => join(folder, "gateway.yaml");
const edit = (file: string, from: string, to: string) => {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "working-copy-"));
  cpSync("config", folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The first line of the archive that holds all of these texts. */
async function recorded(masked: Vault, ...texts: readonly string[]): Promise<string> {
  const objects = await Promise.all((await masked.list(TRANSCRIPTS)).map((key) => masked.get(key)));
  const lines = objects.join("").split("\n");
  const found = lines.find((line) => texts.every((text) => line.includes(text)));
  if (found === undefined) throw new Error(`no record holds ${texts.join(" and ")}`);
  return found;
}

describe("countersign policy test", () => {
  test("the shipped rules decide the shipped cases, and every policy is reached", async () => {
    const { code, stdout, stderr } = await countersign(["policy", "test", "--coverage", "100"]);
    expect(stdout, stderr).toMatch(/ 0 failed\n(\d+) of \1 policies made a decision \(100 %\)/);
    expect(code).toBe(0);
  });

  test("a case that is decided otherwise is shown as a difference, and fails", async () => {
    edit("policies/starter.cedar", 'context.risks.contains("destructive")', 'context.risks.contains("unheard-of")');
    const { code, stdout } = await countersign(["policy", "test", "--config", config(), "--coverage", "100"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /FAIL {2}nothing destructive runs: deny by no policy\n +policies\n +- never-destructive\n +\+ none/,
    );
    expect(stdout).toContain("1 failed");
    expect(stdout).toContain("no case reaches never-destructive");
    const json = await countersign(["policy", "test", "--config", config(), "--json"]);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      failed: 1,
      coverage: { uncovered: ["never-destructive"] },
    });
    edit("policies/starter.cedar", 'context.risks.contains("unheard-of")', 'context.risks.contains("destructive")');
  });

  test("a mistake in the cases is told with its line", async () => {
    edit("policies/tests.yaml", "as: reader", "as: raeder");
    const { code, stderr } = await countersign(["policy", "test", "--config", config()]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/tests\.yaml:\d+: .*raeder|tests\.yaml:\d+: .*one of developer/);
    edit("policies/tests.yaml", "as: raeder", "as: reader");
  });

  test("what a tool's definition says is said of a tool that is called, and of nothing else", async () => {
    edit("policies/tests.yaml", "    method: initialize\n", "    method: initialize\n    changed: true\n");
    const { code, stderr } = await countersign(["policy", "test", "--config", config()]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/tests\.yaml:\d+: .*destructiveHint and changed are of a tool that is called/);
    edit("policies/tests.yaml", "    changed: true\n", "");
  });
});

describe("a case of policy test", () => {
  // The first reading proves every expression of the risks linear, which takes its time on a busy machine.
  vi.setConfig({ testTimeout: 120_000 });
  const DANA = "dana: { issuer: company, claims: { sub: dana, groups: [developers, administrators] } }";
  const JOB =
    'job: { issuer: github, claims: { sub: s, repository: acme/shop, workflow: Test, run_id: "1", check_run_id: "2" } }';

  /** Plays one case with one principal, beside the shipped policies and these. */
  function played(principal: string, test: string, policies = "") {
    const tests = join(folder, "cases.yaml");
    const more = join(folder, "policies", "more.cedar");
    writeFileSync(
      tests,
      `principals:\n  ${principal}\ncases:\n  - { name: it, ${test}, expect: { decision: deny } }\n`,
    );
    writeFileSync(more, policies);
    try {
      return JSON.parse(testPolicies({ config: config(), tests, json: true }).text).cases[0].outcome;
    } finally {
      rmSync(more);
    }
  }

  test("knows a workload by the claims that name it, so a policy by another id never holds", () => {
    const forbid = (id: string) =>
      `@id("not-this")\nforbid (principal, action == Action::"call", resource) when { principal.id == "${id}" };`;
    const call = "as: job, server: ops, tool: deploy";
    expect(played(JOB, call, forbid("github|s")).policies).toEqual([]);
    expect(played(JOB, call, forbid("github|acme/shop:Test:1:2")).policies).toEqual(["not-this"]);
  });

  test.each([
    [
      "an issuer that is not configured",
      JOB.replace("github", "ci"),
      /cases\.yaml:2: .*issuer: found "ci", allowed: company, github$/,
    ],
    [
      "a kind",
      JOB.replace("issuer", "kind: user, issuer"),
      /cases\.yaml:2: .*unknown key "kind", allowed: issuer, claims$/,
    ],
    [
      "a claim that nothing reads",
      JOB.replace("workflow: Test", "workflow: Test, job_workflow: x"),
      /cases\.yaml:2: .*claims\.job_workflow: found "x", allowed: a claim that is read of github: sub, .*repository, .*check_run_id, ref, /,
    ],
    [
      "claims that name nobody",
      JOB.replace("workflow: Test, ", ""),
      /cases\.yaml:2: .*claims: found .*allowed: claims that name a principal \(the token lacks the claim workflow\)$/,
    ],
  ])("is refused with %s", (_, principal, said) => {
    expect(() => played(principal, "as: job, server: ops, tool: deploy")).toThrow(said);
  });

  test.each([
    [
      "a server that is not configured",
      "server: opps, tool: deploy",
      /cases\.yaml:4: .*server: found "opps", allowed: one of everything, ops/,
    ],
    ["a tool without its server", "tool: deploy", /cases\.yaml:4: .*allowed: a server beside tool/],
    [
      "a prompt to administer",
      "action: administer, server: ops, prompt: p",
      /administer is of a tool, or of a principal/,
    ],
  ])("is refused with %s", (_, test, said) => {
    expect(() => played(JOB, `as: job, ${test}`)).toThrow(said);
  });

  test("asks about the tool whose definition is to be pinned, and about a principal where no tool is given", () => {
    const forbid =
      '@id("nobody-pins-ops")\nforbid (principal, action == Action::"administer", resource is Tool in Server::"ops");';
    const administer = "as: dana, action: administer";
    expect(played(DANA, `${administer}, server: ops, tool: read_config`, forbid)).toMatchObject({
      decision: "deny",
      policies: ["nobody-pins-ops"],
    });
    for (const other of ["", ", server: everything, tool: echo"])
      expect(played(DANA, `${administer}${other}`, forbid)).toMatchObject({
        decision: "allow",
        policies: ["administrators-administer"],
      });
  });
});

describe("countersign policy simulate", () => {
  let stage: Stage;
  let environment: NodeJS.ProcessEnv;
  beforeAll(async () => {
    stage = await openStage(() => undefined);
    const client = await oldClient(`${stage.stack.publicUrl}/mcp/ops`, await stage.token("developer"));
    await client.callTool("read_config", { name: "billing" });
    await client.callTool("read_config", { name: "write to dana@example.com" });
    const asking = client.callTool("create_role", { name: "billing-reader" }).catch(() => undefined);
    const isAsked = async () => (await stage.stack.ledgerLines()).some((line) => line.includes('"approval.requested"'));
    while (!(await isAsked())) await stage.stack.drain();
    await client.close();
    await asking;
    await stage.stack.drain();
    const { place } = stage.stack;
    environment = { ...place.environment, COUNTERSIGN_MASKED_VAULT: place.maskedVault };
  }, 120_000);
  afterAll(() => stage?.stack.stop());

  const simulate = (...more: string[]) =>
    countersign(["policy", "simulate", "--config", config(), "--since", "1h", ...more], environment);

  /** The same in this process. */
  const told = (json: boolean) => tellChanges(stage.stack.place, { config: config(), since: "1h", most: 9, json });

  test("unchanged rules change nothing", async () => {
    const { stdout, stderr } = await simulate();
    expect(stdout, stderr).toMatch(
      /^\d+ calls of the last 1h: 0 would be decided otherwise, 0 alike by other policies/,
    );
    expect(stdout).not.toContain("Could not be decided again");
  });

  test("a new policy lists what it would change: who, which call, before and after", async () => {
    const file = join(folder, "policies", "new.cedar");
    writeFileSync(
      file,
      '@id("no-config")\nforbid (principal, action == Action::"call", resource == Tool::"ops/read_config") when { context.arguments.hasTag("/name") };\n',
    );
    const { stdout, stderr } = await simulate();
    expect(stdout, stderr).toContain("2 would be decided otherwise");
    expect(stdout).toMatch(
      /local\|developer +ops tools\/call read_config +allow → deny +developers-call-low-risk → no-config/,
    );
    expect(stdout).toMatch(/read_config \*/);
    expect(stdout).toContain("1 were decided on masked arguments");
    expect(stdout).toMatch(/By policy:\n +2 {2}(no-config|developers-call-low-risk)/);
    const json = JSON.parse((await simulate("--json", "--most", "1")).stdout);
    expect(json).toMatchObject({ changed: 2, kinds: { "allow → deny": 2 }, byPolicy: { "no-config": 2 } });
    expect(json.changes).toHaveLength(1);
    rmSync(file);
  });

  test("a policy that asks another group is a change, though its @id and its decision are the same", async () => {
    edit("policies/starter.cedar", '@approvers("platform")', '@approvers("security")');
    const text = await told(false);
    expect(text).toMatch(/: 1 would be decided otherwise, 0 alike by other policies/);
    expect(text).toMatch(/local\|developer +ops tools\/call create_role +approve \(platform\) → approve \(security\)/);
    expect(JSON.parse(await told(true))).toMatchObject({
      kinds: { "approve (platform) → approve (security)": 1 },
      groupsUnknown: 0,
      changes: [{ before: "approve", after: "approve", groupBefore: "platform", groupAfter: "security" }],
    });
    edit("policies/starter.cedar", '@approvers("security")', '@approvers("platform")');
  });

  test("a length of time that is none is refused", async () => {
    const { code, stderr } = await countersign(["policy", "simulate", "--since", "yesterday"], environment);
    expect(code).toBe(1);
    expect(stderr).toContain("--since yesterday");
  });

  // From here on: what they archive stays.
  test("a call that needed approval for what its tool says of itself, or for a change of it, still does", async () => {
    const masked = vault(stage.stack.place.environment, stage.stack.place.maskedVault);
    const call = JSON.parse(await recorded(masked, '"call.received"', "billing"));
    const decision = { kind: "approve", policies: ["risky-needs-approval"], reason: null };
    const lines = [["says-destructive"], ["tool-changed"], ["says-destructive", "tool-changed"]].map((risks, at) => ({
      ...call,
      id: encodeTime(Date.now(), 10) + String(at).repeat(16),
      call: `call-of-a-label-${at}`,
      risks,
      decision,
    }));
    // Refused after it was received: the same message once more.
    const again = { ...lines[0], id: encodeTime(Date.now(), 10) + "9".repeat(16), type: "call.denied", received: "ab" };
    const before = JSON.parse(await told(true));
    const text = [...lines, again].map((line) => `${JSON.stringify(line)}\n`).join("");
    await masked.put(`${partitionOf(Date.now())}labels.jsonl.gz`, text);
    const after = JSON.parse(await told(true));
    expect(after).toMatchObject({ read: before.read + 3, changed: 0, otherPolicies: 0, groupsUnknown: 3 });
    expect(await told(false)).toContain("3 need approval then and now; of which group, no record");
    // Where no policy asks anybody about these labels, the calls are denied.
    edit("policies/starter.cedar", '"tool-changed", ', "");
    edit("policies/starter.cedar", '"says-destructive", ', "");
    expect(JSON.parse(await told(true)).kinds).toEqual({ "approve → deny": 3 });
    edit(
      "policies/starter.cedar",
      '"mask-written-back", ',
      '"mask-written-back", "says-destructive", "tool-changed", ',
    );
  });

  test("a call of the first minutes of a day counts, though by AWS's clock it arrived the day before", async () => {
    const masked = vault(stage.stack.place.environment, stage.stack.place.maskedVault);
    const call = await recorded(masked, '"call.received"', '"read_config"');
    const midnight = Math.ceil(Date.now() / DAY) * DAY;
    const minutesIn = (minutes: number) => midnight + minutes * 60_000;
    const occurredAt = new Date(minutesIn(6)).toISOString();
    const line = JSON.stringify({
      ...JSON.parse(call),
      id: encodeTime(minutesIn(6), 10) + "A".repeat(16),
      occurredAt,
    });
    await masked.put(`${partitionOf(midnight - 1)}batch.jsonl.gz`, `${line}\n`);
    vi.useFakeTimers({ toFake: ["Date"], now: minutesIn(30) });
    try {
      const told = await tellChanges(stage.stack.place, { config: config(), since: "25m", most: 1 });
      expect(told).toMatch(/^1 calls of the last 25m: /);
    } finally {
      vi.useRealTimers();
    }
  });
});
