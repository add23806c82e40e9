import assert from "node:assert/strict";
import { decide, mailedApproval } from "../approver.ts";
import { oldClient, textOf } from "../clients.ts";
import { denialOver } from "../denial-over.ts";
import { executionsOf } from "../executions.ts";
import type { DemoStep } from "../stage.ts";

export const refused: DemoStep = {
  title:
    "A denial reaches the caller with its reason and stands for other arguments too; silence expires, asking later asks anew",
  async play(stage) {
    const { stack, say } = stage;
    const client = await oldClient(`${stack.publicUrl}/mcp/ops`, await stage.token("developer"));

    const denied = client.callTool("create_role", { name: "role-c" });
    const first = await mailedApproval(stage, Date.now() - 50);
    await decide(stage, first, await stage.token("approver-two", "console"), "deny", "not in this sprint");
    const denial = await denied;
    assert.equal(denial.isError, true);
    assert.match(textOf(denial), /not in this sprint/);
    say(`role-c: ${textOf(denial)}`);

    const another = await client.callTool("create_role", { name: "role-d" });
    assert.match(textOf(another), /the denial stands until/);
    say(`role-d at once: ${textOf(another)}`);
    await denialOver();

    const started = Date.now();
    const silent = await client.callTool("create_role", { name: "role-d" });
    assert.equal(silent.isError, true);
    assert.match(textOf(silent), /expired/);
    const expired = await mailedApproval(stage, started);
    say(`role-d: nobody answered; ${textOf(silent)}`);

    const again = Date.now();
    const second = client.callTool("create_role", { name: "role-d" });
    const anew = await mailedApproval(stage, again);
    assert.notEqual(anew, expired, "another attempt");
    await decide(stage, anew, await stage.token("approver-two", "console"), "deny", "still no");
    assert.equal((await second).isError, true);
    await denialOver();
    await client.close();
    assert.equal(executionsOf(stage, "create_role", "role-c") + executionsOf(stage, "create_role", "role-d"), 0);
    say(`role-d again: attempt ${anew} after ${expired}`);
  },
};
