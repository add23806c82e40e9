import assert from "node:assert/strict";
import { api, mailedApproval } from "../approver.ts";
import { oldClient, textOf } from "../clients.ts";
import type { DemoStep } from "../stage.ts";

export const block: DemoStep = {
  title: "Blocking a principal cuts the call that waits and stops the next one",
  async play(stage) {
    const { stack, say } = stage;
    const { body: me } = await api(stage, "/me", await stage.token("developer", "console"));
    const admin = await stage.token("admin", "console");
    const path = `/principals/${encodeURIComponent(String(me.principal))}`;
    const client = await oldClient(`${stack.publicUrl}/mcp/ops`, await stage.token("developer"));

    const since = Date.now();
    const waiting = client.callTool("create_role", { name: "role-blocked" });
    await mailedApproval(stage, since);
    const start = performance.now();
    const { status } = await api(stage, `${path}/block`, admin, { reason: "left the company" });
    assert.equal(status, 200);
    const cut = await waiting;
    const seconds = (performance.now() - start) / 1000;
    assert.equal(cut.isError, true);
    assert.ok(seconds < 5, `the held call was cut after ${seconds} s`);
    say(`the held call, ${seconds.toFixed(1)} s after the block: ${textOf(cut)}`);

    const next = await client.callTool("list_roles");
    assert.match(textOf(next), /blocked/);
    say(`the next call: ${textOf(next)}`);

    assert.equal((await api(stage, `${path}/unblock`, admin, { reason: "a mistake of ours" })).status, 200);
    assert.notEqual((await client.callTool("list_roles")).isError, true);
    await client.close();
  },
};
