import assert from "node:assert/strict";
import { oldClient, textOf } from "../clients.ts";
import type { DemoStep } from "../stage.ts";

export const noRecordNoCall: DemoStep = {
  title: "Without its record no call runs, and without its outcome's record no result is given",
  async play({ stack, say, token }) {
    const client = await oldClient(`${stack.publicUrl}/mcp/ops`, await token("developer"));
    const before = stack.ops.executions.length;

    stack.faults.dynamodb.cut();
    const refused = await client.callTool("list_roles");
    assert.equal(refused.isError, true);
    assert.match(textOf(refused), /nothing was executed/);
    assert.equal(stack.ops.executions.length, before, "the server saw nothing");
    say(`DynamoDB unreachable: ${textOf(refused)}`);
    stack.faults.dynamodb.mend();
    assert.notEqual((await client.callTool("list_roles")).isError, true, "it works again");

    // The intent and the principal's row are the two requests of a call before it is forwarded.
    stack.faults.dynamodb.cutAfter(2);
    const lost = await client.callTool("list_roles");
    stack.faults.dynamodb.mend();
    assert.equal(lost.isError, true);
    assert.match(textOf(lost), /The call RAN/);
    assert.doesNotMatch(JSON.stringify(lost), /role-a/, "no data");
    assert.equal(stack.ops.executions.length, before + 2, "it ran once");
    await client.close();
    say(`DynamoDB lost after the server ran: ${textOf(lost)}`);
  },
};
