import assert from "node:assert/strict";
import { modernClient, oldClient, type ToolResult } from "../clients.ts";
import { SECRETS } from "../executions.ts";
import type { DemoStep } from "../stage.ts";

export const masking: DemoStep = {
  title: "Secrets are masked before the caller sees them; everything else stays as it was",
  async play({ stack, say, token }) {
    const bearer = await token("developer");
    const args = { name: "production" };
    const direct = await oldClient(stack.ops.url, stack.ops.credential);
    const original = await direct.callTool("read_config", args);
    await direct.close();
    for (const secret of SECRETS)
      assert.ok(holds(original, secret), `the server's answer holds ${secret.slice(0, 6)}…`);
    for (const open of [oldClient, (url: string, t: string) => modernClient(url, t, "2026-07-28")]) {
      const client = await open(`${stack.publicUrl}/mcp/ops`, bearer);
      const masked = await client.callTool("read_config", args);
      await client.close();
      for (const secret of SECRETS)
        assert.ok(!holds(masked, secret), `${client.name} must not see ${secret.slice(0, 6)}…`);
      assert.deepEqual(shapeOf(parsed(masked)), shapeOf(parsed(original)), "types and structure stay");
      const kinds = [...new Set(JSON.stringify(masked).match(/\[[A-Z_]{3,}\]/g))];
      assert.ok(kinds.length >= 4, `several kinds are masked: ${kinds.join(" ")}`);
      say(`${client.name}: ${kinds.join(" ")}`);
    }
  },
};

const holds = (result: ToolResult, secret: string) =>
  JSON.stringify(result).includes(JSON.stringify(secret).slice(1, -1)) || allText(result).includes(secret);
const allText = (result: ToolResult) => result.content.map((item) => item.text ?? "").join("\n");
const parsed = (result: ToolResult): unknown => JSON.parse(result.content[0]?.text ?? "null");

/** The same value with every leaf replaced by its type. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, shapeOf(child)]));
  return value === null ? "null" : typeof value;
}
