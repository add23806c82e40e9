import assert from "node:assert/strict";
import { decide, mailedApproval } from "../approver.ts";
import { oldClient } from "../clients.ts";
import type { DemoStep } from "../stage.ts";

export const quorum: DemoStep = {
  title: "A group that wants two people's yes counts people, not clicks",
  async play(stage) {
    const { stack, say } = stage;
    const uploads = () => stack.ops.executions.filter(({ tool }) => tool === "upload_object").length;
    const before = uploads();
    const client = await oldClient(`${stack.publicUrl}/mcp/ops`, await stage.token("developer"));
    const since = Date.now();
    const waiting = client.callTool("upload_object", { bucket: "partner-drop", key: "report.csv", body: "a,b" });
    const id = await mailedApproval(stage, since);

    const one = await stage.token("approver-one", "console");
    const first = await decide(stage, id, one, "approve", "fine with me");
    assert.deepEqual([first.status, first.body.status], [200, "PENDING"]);
    assert.equal((await decide(stage, id, one, "approve", "and again")).status, 403);
    assert.equal(uploads(), before);
    say("one yes is not enough, nor the same person's second");

    const two = await stage.token("approver-two", "console");
    assert.equal((await decide(stage, id, two, "approve", "with me too")).status, 200);
    assert.notEqual((await waiting).isError, true);
    assert.equal(uploads(), before + 1);
    say("the second person's yes let it run, once");
    await client.close();
  },
};
