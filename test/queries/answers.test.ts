import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { archivedLines, recordOf } from "../../bin/archive.ts";
import { answer } from "../../bin/commands/query.ts";
import { reveal } from "../../bin/commands/reveal.ts";
import type { Row } from "../../bin/duck-lake.ts";
import { NAMED_QUERIES } from "../../lib/queries/index.ts";
import { approving } from "../support/approving.ts";
import { type Gateway, modern, openGateway } from "../support/gateway.ts";

describe("every named query, over an archive that real calls made", () => {
  let gateway: Gateway;
  let secretRecord: string;
  const answers = new Map<string, { rows: readonly Row[]; covers: string }>();
  const rows = (name: string) => answers.get(name)?.rows ?? [];
  const one = (name: string, fits: (row: Row) => boolean) => {
    const found = rows(name).filter(fits);
    expect(found).toHaveLength(1);
    return found[0] as Row;
  };

  beforeAll(async () => {
    gateway = await openGateway({ times: { waitLeg: "20s", denialStandsFor: "1s", expiresAfter: "60s" } });
    const desk = approving(gateway);
    const tool = (name: string, args: object, more: object = {}) =>
      gateway.send("ops", { ...modern("tools/call", { name, arguments: args, ...more }), patience: 40_000 });
    const decided = async (name: string, verdict: "approve" | "deny", more: object, reason: string) => {
      const asked = tool("create_role", { name });
      const id = await desk.waiting("create_role");
      expect((await desk.decide(id, verdict, { reason, ...more })).status).toBe(200);
      await asked;
      return id;
    };

    await tool("read_config", { name: "billing" });
    await tool("run_command", { command: "rm -rf /var/lib/data" });
    await decided("role-once", "approve", {}, "needed for once");
    await decided("role-minutes", "approve", { scope: { kind: "minutes", minutes: 5, arguments: "any" } }, "migration");
    await tool("create_role", { name: "role-granted" });
    const oncall = await gateway.stack.token("oncall", "mcp");
    await gateway.send("ops", {
      ...modern("tools/call", {
        name: "create_role",
        arguments: { name: "role-glass" },
        _meta: { "dev.countersign/break-glass": "the site is down and nobody answers" },
      }),
      token: oncall,
    });
    await tool("upload_object", { bucket: "b", key: "k", body: "x" }).catch(() => undefined);
    const path = `/principals/${encodeURIComponent(gateway.principal)}`;
    await desk.api("admin", `${path}/block`, { reason: "left the company" });
    await tool("list_roles", {});
    await desk.api("admin", `${path}/unblock`, { reason: "came back" });
    await gateway.stack.drain();
    const secret = (
      await gateway.records(({ type, target }) => type === "call.completed" && target === "read_config")
    )[0];
    secretRecord = secret?.id ?? "";
    const { place } = gateway.stack;
    const token = await gateway.stack.token("auditor", "console");
    await reveal(place, secretRecord, "what was in billing's config", token);
    const other = await gateway.stack.token("approver-one", "console");
    await expect(reveal(place, secretRecord, "curious about it", other)).rejects.toThrow(/no policy/);
    await gateway.stack.drain();
    for (const { name } of NAMED_QUERIES) answers.set(name, await answer(place, name, {}));
  }, 180_000);
  afterAll(() => gateway?.stack.stop());

  test("all say which range they cover, with every record of the archive in it", async () => {
    const records = (await archivedLines(gateway.stack.place)).map(recordOf);
    const times = records.map(({ recordedAt }) => recordedAt).sort();
    for (const { covers } of answers.values())
      expect(covers).toContain(`: ${records.length} records, written from ${times[0]} to ${times.at(-1)}.`);
  });

  test("those that want no row find none", () => {
    for (const { name, wants } of NAMED_QUERIES) if (wants === "none") expect([name, rows(name)]).toEqual([name, []]);
  });

  test("those that want rows find some, but for what nobody did", () => {
    const empty = NAMED_QUERIES.filter(({ name, wants }) => wants === "rows" && rows(name).length === 0);
    expect(empty.map(({ name }) => name)).toEqual(["denied-servers", "grants-never-used"]);
  });

  test("decisions counts calls by decision, policy and outcome", () => {
    expect(one("decisions", ({ target, outcome }) => target === "read_config" && outcome === "ok")).toMatchObject({
      decision: "allow",
      calls: "1",
    });
    const calls = rows("decisions").reduce((sum, { calls: count }) => sum + Number(count), 0);
    expect(calls).toBe(rows("sessions").reduce((sum, { calls: count }) => sum + Number(count), 0));
  });

  test("denied-calls names the policy and the caller", () => {
    const row = one("denied-calls", ({ target }) => target === "run_command");
    expect(row).toMatchObject({ principal: gateway.principal, who: "Dana Developer" });
    expect(row.policies).toContain("never-destructive");
  });

  test("risky-calls tells on whose approval, under which grant, or that the glass was broken", () => {
    const roles = rows("risky-calls").filter(({ target }) => target === "create_role");
    expect(roles.filter(({ approved_by: by }) => by === "Alex Approver").length).toBeGreaterThanOrEqual(2);
    expect(roles.filter(({ grant_id: grant }) => grant !== null).length).toBeGreaterThanOrEqual(1);
    expect(roles.filter(({ break_glass: glass }) => glass === "the site is down and nobody answers")).toHaveLength(1);
    expect(rows("risky-calls").filter(({ target }) => target === "run_command")).toEqual([]);
  });

  test("approvals-decided tells who, why and how long", () => {
    const row = one("approvals-decided", ({ reasons }) => reasons === "needed for once");
    expect(row).toMatchObject({
      asker: gateway.principal,
      deciders: "Alex Approver",
      outcome: "approved",
      target: "create_role",
      used: "1",
    });
    expect(Number(row.waited_ms)).toBeGreaterThan(0);
  });

  test("grants counts the uses of a grant; the one that was used is not among the unused", () => {
    const row = one("grants", ({ reason }) => reason === "migration");
    expect(row).toMatchObject({ principal: gateway.principal, server: "ops" });
    expect(Number(row.uses)).toBeGreaterThanOrEqual(1);
    expect(rows("grants-never-used").map(({ grant_id: id }) => id)).not.toContain(row.grant_id);
  });

  test("broken-glass tells who and why", () => {
    expect(rows("broken-glass")).toHaveLength(1);
    expect(rows("broken-glass")[0]).toMatchObject({ who: "Ola Oncall", target: "create_role", outcome: "ok" });
  });

  test("principals and granted-and-used tell who called what", () => {
    expect(rows("principals").map(({ who }) => who)).toEqual(expect.arrayContaining(["Dana Developer", "Ola Oncall"]));
    const row = one(
      "granted-and-used",
      ({ principal, target }) => principal === gateway.principal && target === "run_command",
    );
    expect(row).toMatchObject({ ran: "0", denied: "1" });
  });

  test("new-addresses, access-refused and blocks tell of principals", () => {
    expect(rows("new-addresses").find(({ principal }) => principal === gateway.principal)?.ip).toMatch(/[.:]/);
    expect(rows("access-refused").map(({ who }) => who)).toContain("Alex Approver");
    expect(rows("blocks").map(({ type, reason }) => [type, reason])).toEqual([
      ["principal.unblocked", "came back"],
      ["principal.blocked", "left the company"],
    ]);
  });

  test("reveals tells of the one that was permitted and the one that was not", () => {
    expect(rows("reveals").map(({ name, outcome, revealed }) => [name, outcome, revealed])).toEqual([
      ["Alex Approver", "refused", secretRecord],
      ["Ada Auditor", "revealed", secretRecord],
    ]);
  });

  test("masked tells kinds and tools, and no value", () => {
    expect(rows("masked").filter(({ target }) => target === "read_config").length).toBeGreaterThan(2);
    for (const row of rows("masked"))
      expect(Object.keys(row)).toEqual(["server", "target", "kind", "places", "different_values", "calls"]);
  });

  test("record-types and records-by-day count every record once", async () => {
    const count = (await archivedLines(gateway.stack.place)).length;
    for (const name of ["record-types", "records-by-day"])
      expect([name, rows(name).reduce((sum, { records }) => sum + Number(records), 0)]).toEqual([name, count]);
  });

  test("rules-in-force and tool-changes tell what decided", () => {
    expect(rows("rules-in-force")).toHaveLength(1);
    expect(rows("tool-changes").length).toBeGreaterThan(0);
  });

  test("a time without records is said to be covered by nothing", async () => {
    const { rows: none, covers } = await answer(gateway.stack.place, "denied-calls", {
      from: "2026-01-01",
      until: "2026-01-02",
    });
    expect(none).toEqual([]);
    expect(covers).toContain("Covers nothing");
  });
});
