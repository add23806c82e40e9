import assert from "node:assert/strict";
import { META_COLLECTED } from "../../lambdas/domain/mcp/constants.ts";
import { decide, mailedApproval } from "../approver.ts";
import { oldClient } from "../clients.ts";
import { executionsOf } from "../executions.ts";
import type { DemoStep } from "../stage.ts";

const RETRIES = 20;

export const oneExecution: DemoStep = {
  title: "Twenty identical retries of an approved call: one execution, one result for all",
  async play(stage) {
    const { stack, say } = stage;
    const token = await stage.token("developer");
    const clients = await Promise.all(
      Array.from({ length: RETRIES }, () => oldClient(`${stack.publicUrl}/mcp/ops`, token)),
    );
    const asked = Date.now();
    const calls = clients.map((client) => client.callTool("create_role", { name: "role-e" }));
    const id = await mailedApproval(stage, asked);
    await decide(stage, id, await stage.token("approver-one", "console"), "approve", "one is enough");
    const results = await Promise.all(calls);
    await Promise.all(clients.map((client) => client.close()));
    assert.equal(executionsOf(stage, "create_role", "role-e"), 1);
    const same = results.map(({ _meta, ...result }) => JSON.stringify(result));
    assert.deepEqual([...new Set(same)], same.slice(0, 1), "all got the same result");
    const collected = results.filter(({ _meta }) => Object.hasOwn(_meta ?? {}, META_COLLECTED));
    assert.equal(collected.length, RETRIES - 1, "all but the one that ran say that theirs is collected");
    const mails = stack.inbox.messages.filter((mail) => Date.parse(mail.at) >= asked);
    assert.equal(mails.length, 1, "one mail for all of them");
    say(`${RETRIES} calls, 1 approval (${id}), 1 mail, 1 execution`);
  },
};
