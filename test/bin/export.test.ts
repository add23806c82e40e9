import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { exported } from "../../bin/commands/export.ts";
import { archivedText } from "../../lambdas/domain/evidence/line.ts";
import { canonical } from "../../lambdas/domain/json/canonical.ts";
import { ocsfComplaints } from "../support/ocsf.ts";

const SIGNATURE = "s".repeat(86);

/** A record made at a time of 2026-11-21, as its writer hashed it. */
const text = (id: string, time: string, more: object = {}) =>
  canonical({
    v: 1,
    id,
    type: "call.received",
    occurredAt: `2026-11-21T${time}Z`,
    recordedAt: `2026-11-21T${time}Z`,
    component: "gateway",
    session: "s",
    outcome: "received",
    writer: { id: "w", seq: 0, previous: "0".repeat(64) },
    ...more,
  } as never);

/** A copy of a masked vault, of objects by the hour in which they arrived. */
function folderWith(objects: Readonly<Record<string, readonly string[]>>): string {
  const root = mkdtempSync(join(tmpdir(), "countersign-vault-"));
  for (const [hour, texts] of Object.entries(objects)) {
    const folder = join(root, "transcripts", "dt=2026-11-21", `hh=${hour}`);
    mkdirSync(folder, { recursive: true });
    const lines = texts.map((each) => `${archivedText(each, SIGNATURE)}\n`).join("");
    writeFileSync(join(folder, "object.jsonl.gz"), gzipSync(lines));
  }
  return root;
}

async function run(folder: string, options: { from?: string; to?: string; format?: string } = {}): Promise<string> {
  const { from = "2026-11-21T10:00:00Z", to = "2026-11-21T11:00:00Z", format = "jsonl" } = options;
  let all = "";
  const place = { environment: {}, maskedVault: "", url: "" };
  for await (const piece of exported(place, { from, to, format, folder })) all += piece;
  return all;
}

test("prints what was recorded in the time, once, however late and often it arrived", async () => {
  const inside = [text("01A", "10:00:00.000"), text("01B", "10:59:59.999")];
  const folder = folderWith({
    "09": [text("00Z", "09:59:59.999")],
    "10": [...inside.slice(0, 1), ...inside.slice(0, 1)],
    "11": [text("01C", "11:00:00.000")],
    "15": inside,
  });
  expect(await run(folder)).toBe(`${inside.join("\n")}\n`);
  expect(await run(folder, { from: "2026-11-21T12:00:00Z", to: "2026-11-21T13:00:00Z" })).toBe("");
});

test("prints what lies under the hour before, because its writer's clock was ahead", async () => {
  const [before, after] = [text("00Z", "09:59:50.000"), text("01A", "10:00:05.000")];
  const folder = folderWith({ "09": [before, after] });
  expect(await run(folder)).toBe(`${after}\n`);
  expect(await run(folder, { from: "2026-11-21T09:00:00Z", to: "2026-11-21T10:00:00Z" })).toBe(`${before}\n`);
});

test("prints OCSF events that the official schema knows", async () => {
  const [line = ""] = (await run(folderWith({ 10: [text("01A", "10:00:00.000")] }), { format: "ocsf" })).split("\n");
  expect(ocsfComplaints(JSON.parse(line))).toEqual([]);
  expect(JSON.parse(line)).toMatchObject({
    metadata: { uid: "01A" },
    unmapped: { countersign: { signature: SIGNATURE } },
  });
});

test.each(["=cmd()", "+1", "-1", "@SUM(A1)", '=1,"2"', "two\nlines"])(
  "a spreadsheet takes %j in CSV for text",
  async (target) => {
    const csv = await run(folderWith({ 10: [text("01A", "10:00:00.000", { target })] }), { format: "csv" });
    expect(csv).toMatch(/^id,type,occurredAt,/);
    expect(csv).toContain(target.replaceAll('"', '""'));
    expect(csv).not.toMatch(/(^|,)"?[=+\-@]/m);
  },
);

test("a line without a signature is no record: it says so, and where", async () => {
  const folder = folderWith({ 10: [] });
  const file = join(folder, "transcripts/dt=2026-11-21/hh=10/object.jsonl.gz");
  writeFileSync(file, gzipSync(`${text("01A", "10:00:00.000")}\n`));
  await expect(run(folder)).rejects.toThrow("hh=10/object.jsonl.gz bears no signature");
  writeFileSync(file, "half a downl");
  await expect(run(folder)).rejects.toThrow("hh=10/object.jsonl.gz cannot be unpacked");
});
