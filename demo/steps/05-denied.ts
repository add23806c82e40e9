import assert from "node:assert/strict";
import { modernClient, oldClient, textOf } from "../clients.ts";
import type { DemoStep } from "../stage.ts";

export const denied: DemoStep = {
  title: "A forbidden command is refused by name of the policy; the server sees nothing",
  async play({ stack, say, token }) {
    const bearer = await token("developer");
    const before = stack.ops.executions.length;
    for (const client of [
      await oldClient(`${stack.publicUrl}/mcp/ops`, bearer),
      await modernClient(`${stack.publicUrl}/mcp/ops`, bearer, "2026-07-28"),
    ]) {
      const result = await client.callTool("run_command", { command: "rm -rf /var/lib/data" });
      await client.close();
      assert.equal(result.isError, true);
      assert.match(textOf(result), /never-destructive/);
      say(`${client.name}: ${textOf(result)}`);
    }
    assert.equal(stack.ops.executions.length, before, "the server must have seen nothing");
  },
};
