import { describe, expect, test } from "vitest";
import { askDuck, type LakeFile } from "../../bin/duck-lake.ts";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import { NAMED_QUERIES } from "../../lib/queries/index.ts";
import { namedQueryText } from "../../lib/queries/named-query.ts";
import { VIEWS } from "../../lib/queries/views.ts";
import { recordMaker, someApproval, somebody } from "../support/records.ts";

const file = (records: readonly LedgerRecord[], hour = "05"): LakeFile => ({
  key: `transcripts/dt=2026-03-04/hh=${hour}/some.jsonl`,
  bytes: records.map((record) => `${JSON.stringify(record)}\n`).join(""),
});

async function ask(name: string, files: readonly LakeFile[], days: [string, string] = ["2026-03-04", "2026-03-04"]) {
  const query = NAMED_QUERIES.find((one) => one.name === name);
  if (query === undefined) throw new Error(`no query ${name}`);
  const rows = await askDuck(files, namedQueryText(query), days);
  return { rows: rows.filter(({ answer_row: number }) => number !== null), first: rows[0] };
}

const approve = { decision: { kind: "approve", policies: ["p"], reason: null } } as const;

/** Whatever is wrong, by the query that must find it, and what the row must say. */
const WRONGS: readonly [string, string, (make: ReturnType<typeof recordMaker>) => LedgerRecord[], object][] = [
  [
    "allowed-without-rule",
    "a call that ran though no policy permitted it",
    (make) => [
      make({}),
      make({ type: "call.completed", outcome: "ok", decision: { kind: "allow", policies: [], reason: null } }),
    ],
    { call: "call-1", outcome: "ok" },
  ],
  [
    "allowed-without-rule",
    "a call that needed an approval and ran without",
    (make) => [make(approve), make({ type: "call.completed", outcome: "ok", ...approve })],
    { call: "call-1", decision: "approve" },
  ],
  [
    "self-approvals",
    "somebody who approves for themselves under another account",
    (make) => [
      make({ type: "approval.requested", outcome: "requested", approval: someApproval() }),
      make({
        type: "approval.decided",
        outcome: "approved",
        approval: someApproval({ verdict: "approve", by: "D.", person: "dana@example.test", reason: "me" }),
      }),
    ],
    { approval: "approval-1", asker_person: "dana@example.test" },
  ],
  [
    "self-approvals",
    "somebody who approves for a workload that they started",
    (make) => {
      const principal = somebody("ci", { kind: "workload", person: null, initiator: "dana@example.test" });
      return [
        make({ type: "approval.requested", outcome: "requested", principal, approval: someApproval() }),
        make({
          type: "approval.decided",
          outcome: "approved",
          principal,
          approval: someApproval({ verdict: "approve", by: "D.", person: "dana@example.test", reason: "me" }),
        }),
      ];
    },
    { approval: "approval-1", asker: "local|ci" },
  ],
  [
    "used-without-yes",
    "an approval that was used and never given",
    (make) => [
      make({ type: "approval.requested", outcome: "requested", approval: someApproval() }),
      make({ type: "approval.consumed", outcome: "consumed", approval: someApproval() }),
    ],
    { approval: "approval-1", used: "1" },
  ],
  [
    "incomplete-records",
    "a record without source",
    (make) => {
      const { source: _, ...record } = make({ type: "call.completed", outcome: "ok" });
      return [make({}), record];
    },
    { type: "call.completed", without_source: "1", without_identity: "0" },
  ],
  ["calls-without-outcome", "a call that never ended", (make) => [make({})], { call: "call-1", outcome: "received" }],
  [
    "missing-numbers",
    "a number that a writer left out",
    (make) => {
      const records = [make({}), make({ call: "call-2" }), make({ call: "call-3" }), make({ call: "call-4" })];
      return records.filter((_, at) => at !== 1 && at !== 2);
    },
    { writer_id: "lane-1", present: "3", missing_before: "2" },
  ],
  [
    "late-records",
    "a record that was written an hour late",
    (make) => [make({ recordedAt: "2026-03-04T06:00:00.000Z" })],
    { lag_ms: "3600000" },
  ],
  [
    "late-records",
    "a decision that stood in the stream for a quarter of an hour, and not what a trail tells as late as that",
    (make) =>
      ["recorder", "observer"].map((component) => ({
        ...make({ type: "approval.decided", outcome: "approved", recordedAt: "2026-03-04T05:15:00.000Z" }),
        component,
      })),
    { component: "recorder", lag_ms: "900000" },
  ],
];

describe("the queries that want no row", () => {
  test.each(WRONGS)("%s finds %s", async (name, _, plant, row) => {
    const { rows } = await ask(name, [file(plant(recordMaker()))]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject(row);
  });

  test("each is shown to find what it is for", () => {
    const shown = new Set(WRONGS.map(([name]) => name));
    expect(NAMED_QUERIES.filter(({ wants }) => wants === "none").map(({ name }) => name)).toEqual(
      expect.arrayContaining([...shown]),
    );
    expect(NAMED_QUERIES.filter(({ name, wants }) => wants === "none" && !shown.has(name))).toEqual([]);
  });
});

describe("views and range", () => {
  const pair = (make: ReturnType<typeof recordMaker>) => [
    make({}),
    make({ type: "call.completed", outcome: "ok", durationMs: 12, approval: someApproval() }),
    make({ type: "grant.created", outcome: "created", grant: { id: "g", approval: "a", expiresAt: "x" } }),
    make({ type: "approval.requested", outcome: "requested", approval: someApproval() }),
    make({ type: "transcript.revealed", outcome: "revealed", revealed: "r" }),
  ];

  test.each(VIEWS.map(({ name }) => name))("%s counts a record once, though two objects hold it", async (name) => {
    const records = pair(recordMaker());
    const rows = await askDuck([file(records), file(records, "06")], `SELECT * FROM ${name}`);
    expect(rows).toEqual(await askDuck([file(records)], `SELECT * FROM ${name}`));
    expect(rows).toHaveLength(1);
    expect(await askDuck([file(records), file(records, "06")], "SELECT * FROM records")).toHaveLength(10);
  });

  test.each(VIEWS.map((view) => [view.name, view.columns] as const))(
    "the columns of %s have the types that Glue is told",
    async (name, columns) => {
      const described = await askDuck([file(pair(recordMaker()))], `DESCRIBE ${name}`);
      const types: Record<string, string> = { varchar: "VARCHAR", bigint: "BIGINT", "array(varchar)": "VARCHAR[]" };
      const told = described.map(({ column_name: column, column_type: type }) => [column, type]);
      expect(told).toEqual(columns.map((column) => [column.name, types[column.type]]));
    },
  );

  test("only the days that were asked for are read, and the answer says which records they hold", async () => {
    const files = [file(pair(recordMaker()))];
    expect((await ask("sessions", files)).first).toMatchObject({
      covered_records: "5",
      covered_from: "2026-03-04T05:00:00.001Z",
      covered_until: "2026-03-04T05:00:04.001Z",
    });
    const { rows, first } = await ask("sessions", files, ["2026-03-05", "2026-03-06"]);
    expect(rows).toEqual([]);
    expect(first).toMatchObject({ covered_records: "0", covered_from: null, answer_row: null });
  });

  test("a grant that nobody used is told, and not one that was used", async () => {
    const make = recordMaker();
    const grant = (id: string) => ({ id, approval: "a", expiresAt: "2026-03-04T06:00:00.000Z" });
    const records = [
      make({ type: "grant.created", outcome: "created", grant: { ...grant("idle"), reach: "{}" } }),
      make({ type: "grant.created", outcome: "created", grant: { ...grant("used"), reach: "{}" } }),
      make({ grant: grant("used") }),
      make({ type: "call.completed", outcome: "ok", grant: grant("used") }),
    ];
    const { rows } = await ask("grants-never-used", [file(records)]);
    expect(rows.map(({ grant_id: id }) => id)).toEqual(["idle"]);
  });

  test("a message of the server that was denied does not hide how its call ended, and is told apart", async () => {
    const make = recordMaker();
    const denial = { type: "call.denied", outcome: "denied", method: "sampling/createMessage" } as const;
    const records = [
      make({}),
      make({ ...denial, reason: "from the server: no" }),
      make({ type: "call.completed", outcome: "ok" }),
      make({ call: "call-2" }),
      make({ ...denial, reason: "from the server: no", call: "call-2" }),
    ];
    expect(await askDuck([file(records)], "SELECT call, method, outcome, reason FROM calls ORDER BY call")).toEqual([
      { call: "call-1", method: "tools/call", outcome: "ok", reason: "" },
      { call: "call-2", method: "tools/call", outcome: "received", reason: "" },
    ]);
    expect((await ask("denied-servers", [file(records)])).rows).toHaveLength(2);
    expect((await ask("denied-calls", [file(records)])).rows).toEqual([]);
  });

  test("a stream that was detached has ended its call", async () => {
    const make = recordMaker();
    const records = [make({}), make({ type: "message.relayed", outcome: "detached" })];
    expect((await ask("calls-without-outcome", [file(records)])).rows).toEqual([]);
  });

  test("an archive without objects is asked without an error", async () => {
    expect((await ask("decisions", [])).rows).toEqual([]);
  });
});
