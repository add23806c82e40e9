import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Principal } from "../../lambdas/domain/identity/principal.ts";
import { HARMLESS, type Life, openWorld, pendingIn, type World } from "../properties/support/world.ts";
import { legacy, modern } from "../support/gateway.ts";

/** What the functions counted for operators. */
const counted: string[] = [];
vi.mock("../../lambdas/operator-metrics.ts", async (original) => ({
  ...(await original<object>()),
  operatorMetrics: (service: string) => (name: string) => counted.push(`${service} ${name}`),
}));

/** Longer than all of this test: whoever is held long enough to be told so was held. */
const HOLD = "50s";

let world: World;
/** Two environments of one function, which know nothing of each other. */
let one: Life;
let other: Life;
beforeAll(async () => {
  const times = { maxHeld: 10, maxHeldInAll: 2, holdPlain: HOLD, waitLeg: HOLD };
  world = await openWorld({ times });
  [one, other] = await Promise.all([world.live(), world.live()]);
}, 60_000);
afterAll(() => world?.stop(), 30_000);

async function taken(): Promise<number> {
  const Key = { pk: { S: "held#gateway" }, sk: { S: "places" } };
  const { Item } = await world.aws.dynamoDb.send(
    new GetItemCommand({ TableName: "access", Key, ConsistentRead: true }),
  );
  return Number(Item?.held?.N ?? 0);
}

/** Settles when so many places are taken. */
const untilTaken = (count: number) =>
  vi.waitFor(async () => expect(await taken()).toBe(count), { timeout: 20_000, interval: 100 });

/** The approval that somebody waits for. */
async function waitedFor({ id }: Principal): Promise<string> {
  const [row] = await world.approvals.pendingOf(id);
  if (row === undefined) throw new Error(`${id} waits for nothing`);
  return row.id;
}

test("a call for which no place of the function is free gets the pending answer at once, whoever asks, and all else goes on", async () => {
  const [first, second, third] = [1, 2, 3].map(() => world.people.developer()) as [Principal, Principal, Principal];
  const held = [one.call(first, "create_role", { name: "a" }), one.call(second, "create_role", { name: "b" })];
  let ended = 0;
  for (const each of held) each.finally(() => (ended += 1)).catch(() => undefined);
  await untilTaken(2);

  const turned = await other.call(third, "create_role", { name: "c" });
  const asked = { name: "create_role", arguments: { name: "d" } };
  const turnedModern = await other.send(third, modern("tools/call", asked));
  for (const answer of [turned, turnedModern]) expect(pendingIn(answer)).toBeTruthy();
  expect(counted.filter((name) => name === "gateway CallsNotHeld")).toHaveLength(2);
  const harmless = await other.send(third, legacy("tools/call", { name: HARMLESS, arguments: {} }));
  expect(harmless.messages.at(-1)?.result?.isError).toBeFalsy();
  expect(ended, "calls that were held have been answered").toBe(0);

  // One leaves, and the next that asks is held in its place until somebody decides.
  await other.decide(world.people.approver(), await waitedFor(first), "deny");
  expect((await held[0])?.text).toMatch(/^DENIED/);
  await untilTaken(1);
  const approval = pendingIn(turned);
  const again = other.call(third, "create_role", { name: "c" });
  await untilTaken(2);
  await one.decide(world.people.approver(), approval, "approve");
  expect((await again).messages.at(-1)?.result?.isError).toBeFalsy();

  await other.decide(world.people.approver(), await waitedFor(second), "deny");
  await held[1];
  await untilTaken(0);
}, 60_000);
