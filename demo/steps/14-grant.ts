import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { decide, mailedApproval } from "../approver.ts";
import { oldClient, textOf } from "../clients.ts";
import { denialOver } from "../denial-over.ts";
import { executionsOf } from "../executions.ts";
import type { DemoStep } from "../stage.ts";

/** Ten seconds, in minutes. */
const TEN_SECONDS = 1 / 6;

export const grant: DemoStep = {
  title: "A yes for ten seconds lets the same tool run without asking again, and ends by itself",
  async play(stage) {
    const { stack, say } = stage;
    const client = await oldClient(`${stack.publicUrl}/mcp/ops`, await stage.token("developer"));
    const role = (name: string) => client.callTool("create_role", { name });

    const since = Date.now();
    const first = role("role-g1");
    const id = await mailedApproval(stage, since);
    const approver = await stage.token("approver-one", "console");
    const scope = { kind: "minutes", minutes: TEN_SECONDS, arguments: "any" };
    assert.equal((await decide(stage, id, approver, "approve", "for the migration", scope)).status, 200);
    const until = Date.now() + TEN_SECONDS * 60_000;
    assert.match(textOf(await first), /role-g1/);

    assert.match(textOf(await role("role-g2")), /role-g2/);
    assert.equal(executionsOf(stage, "create_role", "role-g2"), 1);
    say(`role-g2 ran at once under grant ${id}`);

    await pause(until - Date.now() + 500);
    const later = Date.now();
    const third = role("role-g3");
    await decide(stage, await mailedApproval(stage, later), approver, "deny", "the migration is over");
    assert.match(textOf(await third), /the migration is over/);
    assert.equal(executionsOf(stage, "create_role", "role-g3"), 0);
    say("after ten seconds role-g3 had to ask again");
    await client.close();
    await denialOver();
  },
};
