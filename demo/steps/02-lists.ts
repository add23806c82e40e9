import assert from "node:assert/strict";
import { modernClient, oldClient } from "../clients.ts";
import type { DemoStep } from "../stage.ts";

export const lists: DemoStep = {
  title: "developer sees the servers' own tools, less what policy hides",
  async play({ stack, say, token }) {
    const bearer = await token("developer");
    for (const [server, hidden] of [
      ["everything", []],
      ["ops", ["delete_everything"]],
    ] as const) {
      const direct = await oldClient(stack[server].url, stack[server].credential);
      const through = await oldClient(`${stack.publicUrl}/mcp/${server}`, bearer);
      const offered = await direct.listTools();
      const seen = await through.listTools();
      assert.deepEqual(
        seen,
        offered.filter((tool) => !(hidden as readonly string[]).includes(tool.name)),
      );
      say(
        `${server}: ${seen.length} of ${offered.length} tools${hidden.length > 0 ? `, hidden: ${hidden.join(", ")}` : ""}`,
      );
      await Promise.all([direct.close(), through.close()]);
    }
    const modern = await modernClient(`${stack.publicUrl}/mcp/ops`, bearer, "2026-07-28");
    assert.ok((await modern.listTools()).every((tool) => tool.name !== "delete_everything"));
    await modern.close();
  },
};
