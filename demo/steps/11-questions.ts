import assert from "node:assert/strict";
import { archivedLines } from "../../bin/archive.ts";
import { rowsOf } from "../../bin/commands/query.ts";
import { replay } from "../../bin/commands/replay.ts";
import { table } from "../../bin/table.ts";
import { type DemoStep, recall } from "../stage.ts";

/** Who created which role, who approved it, why, and how long it took. */
const ROLES = `
  SELECT run.request.text AS request, run.principal.subject AS who, yes.approval."by" AS approved_by, yes.approval.reason AS why,
         yes.approval.waitedMs AS asked_to_decided_ms, run.occurredAt AS happened
  FROM records AS done
  JOIN records AS run ON run.call = done.call AND run.type = 'call.received'
  JOIN records AS used ON used.call = done.call AND used.type = 'approval.consumed'
  JOIN records AS yes ON yes.approval.id = used.approval.id AND yes.type = 'approval.decided' AND yes.approval.verdict = 'approve'
  WHERE done.type = 'call.completed' AND done.target = 'create_role' AND done.outcome = 'ok'
  ORDER BY happened`;

export const questions: DemoStep = {
  title: "SQL over the archive says who created which role, who approved it and why; replay tells the story",
  async play(stage) {
    const { stack, say } = stage;
    const rows = await rowsOf(await archivedLines(stack.place), ROLES);
    const roles = rows.map((row) => /role-[a-z]/.exec(String(row.request))?.[0]);
    assert.deepEqual(roles.sort(), ["role-a", "role-b", "role-e"]);
    for (const row of rows) {
      assert.equal(row.who, "developer");
      assert.equal(row.approved_by, "Alex Approver");
      assert.ok(Number(row.asked_to_decided_ms) > 0);
    }
    for (const line of table(rows.map(({ request, ...row }, at) => ({ role: roles[at], ...row }))).split("\n"))
      say(line);
    const story = await replay(stack.place, recall(stage, "approval:role-a"), {});
    for (const part of [
      /call\.received/,
      /approval\.requested/,
      /approve by Alex Approver \(needed for role-a\)/,
      /approval\.consumed/,
      /call\.completed/,
    ])
      assert.match(story, part);
    for (const line of story
      .split("\n")
      .filter((text) => /^\d{4}-/.test(text))
      .slice(0, 12))
      say(line);
  },
};
