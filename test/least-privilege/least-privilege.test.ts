import { existsSync, readdirSync } from "node:fs";
import type { Context } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMeter, type Meter } from "../../bench/cost/meter.ts";
import { createMinter } from "../../lambdas/minter/minter.ts";
import type { TokenRequest } from "../../lambdas/upstream/credentials/token-mint.ts";
import { SAML } from "../lib/saml-config.ts";
import { type Gateway, openGateway } from "../support/gateway.ts";
import { type ScriptedServers, startScripted } from "../support/scripted-server.ts";
import { RESOURCE, startTokenServer } from "../upstream/support/token-server.ts";
import { APART } from "./apart.ts";
import { calls } from "./calls.ts";
import { compare } from "./compare.ts";
import { type DeployedRights, deployedRights } from "./deployed-rights.ts";
import { startEmulatorDoor } from "./emulator-door.ts";
import { evidence } from "./evidence.ts";
import { federating } from "./federating.ts";
import { mending } from "./mending.ts";
import type { Right } from "./right.ts";
import { rightsUsed } from "./rights-used.ts";
import { sceneOf } from "./scene.ts";
import { credentialed, pusher, things } from "./servers.ts";
import { watching } from "./watching.ts";

const SECRET = "client-secret-c0ffee-5521";
/** Every function that there is: its folder is its name. */
const FUNCTIONS = readdirSync("lambdas").filter((name) => existsSync(`lambdas/${name}/handler.ts`));

/*
 * Every function reaches the emulator through a door of its own that writes down what it asks; scenes make each do its work;
 * and the roles are read from the emulator as the templates made them, so that names are resolved.
 */
const stops: (() => Promise<void>)[] = [];
const stopping = <T extends { stop(): Promise<void> }>(part: T): T => {
  stops.unshift(() => part.stop());
  return part;
};
let deployed: DeployedRights;
const used = new Map<string, Right[]>();

beforeAll(async () => {
  const meter: Meter = stopping(createMeter());
  const tokens = stopping(await startTokenServer(SECRET, () => 600));
  const scripted: ScriptedServers = stopping(
    await startScripted({ things, pusher, minted: things, signed: things }, ["pusher"]),
  );
  const urlOf = (name: string) => scripted.servers.find((server) => server.name === name)?.url ?? "";
  let gateway: Gateway | undefined;
  const minter = (event: unknown) => {
    if (gateway === undefined) throw new Error("nothing is deployed yet");
    return createMinter(gateway.stack.environmentOf("minter"))(event as TokenRequest, {} as Context);
  };
  gateway = await openGateway({
    saml: SAML,
    moreServers: [
      ...scripted.servers.filter(({ name }) => ["things", "pusher"].includes(name)),
      ...credentialed(urlOf, { tokenEndpoint: tokens.tokenEndpoint, secret: SECRET, resource: RESOURCE }),
    ],
    doorOf: async (by, endpoint) => {
      const door = stopping(await startEmulatorDoor(endpoint, minter, ["gateway", "listener"].includes(by)));
      return meter.doorOf(by, door.url);
    },
    own: { signingKeys: 2, reveal: { approval: "platform", usableFor: "10m" } },
    times: { singleMails: 1, holdPlain: "4s", expiresAfter: "10m", denialStandsFor: "1s", callTimeout: "60s" },
  });
  stopping(gateway.stack);
  const scene = sceneOf(gateway, meter);
  deployed = await deployedRights(scene.aws.endpoint);
  for (const [name, step] of [
    ...calls(scene),
    ...mending(scene),
    ...evidence(scene),
    ...watching(scene),
    ...federating(scene),
  ])
    await step().catch((cause: unknown) => {
      throw new Error(`${name}: it did not come to that`, { cause });
    });
  for (const request of meter.requests)
    used.set(request.by, [...(used.get(request.by) ?? []), ...rightsUsed(request, deployed)]);
}, 300_000);
afterAll(async () => {
  for (const stop of stops) await stop();
}, 60_000);

describe("a function's role, as deployed, beside what the function asked AWS for", () => {
  test.each(FUNCTIONS)("%s may do all that it does, and nothing else", (name) => {
    const allowed = deployed.allowed.get(name) ?? [];
    expect(allowed, "it is deployed").not.toEqual([]);
    const difference = compare(name, { allowed, used: used.get(name) ?? [], apart: APART, plain: deployed.plain });
    expect(difference).toEqual({ needless: [], missing: [], stale: [] });
  });

  test("no other role is there", () => {
    expect([...deployed.allowed.keys()].sort()).toEqual([...FUNCTIONS].sort());
  });
});
