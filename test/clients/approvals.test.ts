import { afterAll, beforeAll, expect, test } from "vitest";
import { decide, mailedApproval } from "../../demo/approver.ts";
import { executionsOf } from "../../demo/executions.ts";
import type { Stage } from "../../demo/stage.ts";
import type { ClientKind } from "./support/peer.ts";
import { remote } from "./support/remote.ts";
import { type Rig, startRig } from "./support/rig.ts";
import { v1, v122 } from "./support/v1.ts";
import { v2Default, v2Modern } from "./support/v2.ts";

const HUMAN = 5000;

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
}, 120_000);
afterAll(() => rig?.stop());

test("a human who takes five seconds is waited for by every client as it comes", async () => {
  const { stack } = rig;
  const token: Stage["token"] = (account, audience = "mcp") => stack.token(account, audience);
  const stage: Stage = { stack, token, say: () => undefined, memory: new Map() };

  const asked: { readonly name: string; readonly id: string; readonly result: Promise<unknown> }[] = [];
  for (const kind of [v1, v122, v2Default, v2Modern, remote]) asked.push(await ask(kind, stage));
  await new Promise((resolve) => setTimeout(resolve, HUMAN));
  for (const { name } of asked) expect(executionsOf(stage, "create_role", name), `${name} before`).toBe(0);

  const approver = await token("approver-one", "console");
  for (const { id } of asked) expect((await decide(stage, id, approver, "approve", "needed")).status).toBe(200);
  for (const { name, result } of asked) {
    expect(await result, name).toMatchObject({ content: [{ type: "text", text: expect.stringContaining(name) }] });
    expect(executionsOf(stage, "create_role", name), name).toBe(1);
  }
}, 60_000);

/** Calls what needs an approval, and comes back as soon as somebody has been asked. */
async function ask(kind: ClientKind, stage: Stage) {
  const name = `role-${kind.name.replaceAll(/[^a-z0-9]+/gi, "-")}`;
  const peer = await kind.connect(rig.through("ops"));
  const since = Date.now();
  const result = peer.ask("tools/call", { name: "create_role", arguments: { name } }).finally(() => peer.close());
  return { name, id: await mailedApproval(stage, since), result };
}
