import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { oldClient } from "../../demo/clients.ts";
import { openStage } from "../../demo/open-stage.ts";
import type { Stage } from "../../demo/stage.ts";
import { ENV } from "../../lambdas/environment.ts";
import { SAMPLE } from "../../local/servers/sample-secrets.ts";

const run = promisify(execFile);

describe("the command line, as an auditor runs it", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(() => undefined);
    const client = await oldClient(`${stage.stack.publicUrl}/mcp/ops`, await stage.token("developer"));
    await client.callTool("read_config", { name: "billing" });
    await client.close();
    await stage.stack.drain();
  }, 120_000);
  afterAll(() => stage?.stack.stop());

  /** Runs it in a process of its own; a failure is told by its exit code and what it says. */
  async function countersign(args: readonly string[], environment: Record<string, string> = {}) {
    const { place } = stage.stack;
    const env = {
      PATH: process.env.PATH,
      ...place.environment,
      COUNTERSIGN_URL: place.url,
      COUNTERSIGN_MASKED_VAULT: place.maskedVault,
      ...environment,
    };
    try {
      return { code: 0, ...(await run(process.execPath, ["bin/cli.ts", ...args], { env })) };
    } catch (error) {
      return error as { code: number; stdout: string; stderr: string };
    }
  }

  test("query answers SQL, as a table or as JSON", async () => {
    const sql = "SELECT target, outcome FROM records WHERE type = 'call.completed' AND target = 'read_config'";
    const asTable = await countersign(["query", sql]);
    expect(asTable.stdout).toMatch(/target +outcome\n-+ +-+\nread_config +ok/);
    const asJson = await countersign(["query", "--json", sql]);
    expect(JSON.parse(asJson.stdout)).toEqual([{ target: "read_config", outcome: "ok" }]);
  });

  test("query lists its names, answers one of them, and says on stderr what it covers", async () => {
    const { stdout: list } = await countersign(["query", "--list"]);
    expect(list).toMatch(/^denied-calls +AC-3, AC-6\(10\) +rows +Who tried/m);
    const asked = await countersign(["query", "self-approvals"]);
    expect(asked.stdout).toContain("No row, as it should be.");
    expect(asked.stderr).toMatch(
      /^Covers what arrived in the archive from .*: \d+ records, written from .* to .*\.\n$/,
    );
    const csv = await countersign(["query", "granted-and-used", "--csv"]);
    expect(csv.stdout.split("\n")[0]).toBe("principal,server,target,ran,denied,last_call");
    expect(csv.stdout).toContain(",ops,read_config,1,0,");
    const sql = await countersign(["query", "--list", "--sql"]);
    expect(sql.stdout).toContain("CREATE OR REPLACE VIEW calls AS");
    const unknown = await countersign(["query", "no-such-query"]);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining("--list") });
    const nothing = await countersign(["query"]);
    expect(nothing).toMatchObject({ code: 1, stderr: expect.stringContaining("--list tells the names") });
  });

  test("a cell that a spreadsheet would run as a formula is text", async () => {
    const { stdout } = await countersign(["query", "--csv", "SELECT '=1+1' AS a, '@x' AS b FROM records LIMIT 1"]);
    expect(stdout.trimEnd().split("\n")[1]).toBe("'=1+1,'@x");
  });

  test("query says what is wrong with the SQL", async () => {
    const { code, stderr } = await countersign(["query", "SELECT nothing FROM records"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^countersign: .*nothing/);
    expect(stderr).not.toContain("    at ");
  });

  test("replay tells a session from any of its ids; reveal shows the original to an auditor alone", async () => {
    const found = await countersign([
      "query",
      "--json",
      "SELECT id, call, session FROM records WHERE target = 'read_config' AND type = 'call.completed'",
    ]);
    const [{ id, call, session }] = JSON.parse(found.stdout) as [{ id: string; call: string; session: string }];
    const story = await countersign(["replay", call]);
    expect(story.stdout).toContain(`Session ${session}`);
    expect(story.stdout).toContain("masked     ");
    expect(story.stdout).not.toContain(SAMPLE.githubToken);

    const why = ["--reason", "what was in billing's config"];
    const shown = await countersign(["reveal", id, ...why], {
      COUNTERSIGN_TOKEN: await stage.token("auditor", "console"),
    });
    expect(shown.stdout).toContain(SAMPLE.githubToken);
    const refused = await countersign(["reveal", id, ...why], {
      COUNTERSIGN_TOKEN: await stage.token("developer", "console"),
    });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("no policy permits you") });
    const nobody = await countersign(["reveal", id, ...why]);
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining("COUNTERSIGN_TOKEN") });
  });

  test("replay plays what the ledger holds, by its principal", async () => {
    const [environment, principal] = [stage.stack.environmentOf("gateway"), "local|developer"];
    const story = await countersign(["replay", "--principal", principal, "--from", "ledger", "--speed", "1000"], {
      [ENV.ledgerTable]: environment[ENV.ledgerTable] ?? "",
    });
    expect(story.stdout).toMatch(/^Session /);
    expect(story.stdout).toContain("read_config");
  });

  test.each([
    ["--speed", ["--json", "--speed", "10"]],
    ["--speed", ["--html", "story.html", "--speed", "10"]],
    ["--follow", ["--html", "story.html", "--follow"]],
  ])("replay refuses what %s cannot do, and writes nothing", async (named, options) => {
    const { code, stdout, stderr } = await countersign(["replay", "--principal", "local|developer", ...options]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(new RegExp(`^countersign: ${named} and ${options[0]} do not go together: `));
    expect(existsSync("story.html")).toBe(false);
  });

  test("an id that the archive does not know is said so", async () => {
    const { code, stderr } = await countersign(["replay", "nowhere"]);
    expect(code).toBe(1);
    expect(stderr).toContain("knows no session, call or approval nowhere");
  });
});
