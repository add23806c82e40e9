import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Era, inspector, inspectorCan } from "./support/inspector.ts";
import { OPERATIONS, type Operation, outcome } from "./support/operations.ts";
import type { ClientKind, Peer } from "./support/peer.ts";
import { remote } from "./support/remote.ts";
import { type Rig, startRig } from "./support/rig.ts";
import { v1, v122 } from "./support/v1.ts";
import { v2Auto, v2Default, v2Modern } from "./support/v2.ts";

type ServerName = keyof typeof OPERATIONS;

const LEGACY: readonly ClientKind[] = [v1, v122, v2Default, remote];
const CLIENTS: Record<ServerName, readonly ClientKind[]> = {
  everything: [...LEGACY, v2Auto],
  ops: [...LEGACY, v2Auto, v2Modern],
  lab: [...LEGACY, v2Auto, v2Modern],
};
const INSPECTOR: readonly (readonly [ServerName, Era])[] = [
  ["everything", "legacy"],
  ["everything", "auto"],
  ["ops", "auto"],
  ["lab", "modern"],
];

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
}, 120_000);
afterAll(() => rig?.stop());

async function compare(operation: Operation, direct: Pick<Peer, "ask">, through: Pick<Peer, "ask">): Promise<void> {
  const [expected, seen] = await Promise.all([outcome(direct, operation), outcome(through, operation)]);
  const { shown = (result: unknown) => result } = operation;
  expect(seen).toEqual("result" in expected ? { result: shown(expected.result) } : expected);
}

describe.each(Object.keys(CLIENTS) as ServerName[])("the server %s answers", (server) => {
  describe.each(CLIENTS[server].map((kind) => [kind.name, kind] as const))("%s", (_, kind) => {
    let direct: Peer;
    let through: Peer;
    beforeAll(async () => {
      [direct, through] = await Promise.all([kind.connect(rig.direct(server)), kind.connect(rig.through(server))]);
    });
    afterAll(() => Promise.all([direct?.close(), through?.close()]));

    test("on connecting", () => {
      expect(through.revision).toBe(direct.revision);
      expect(through.server).toEqual(direct.server);
    });

    test.each(OPERATIONS[server])("when it $title", (operation) => compare(operation, direct, through));
  });
});

describe.each(INSPECTOR)("the server %s answers the Inspector, era %s,", (server, era) => {
  // It is a program: half a second of a processor for each request. One operation of a method will do.
  const operations = OPERATIONS[server].filter(
    ({ method, shown }, at, all) =>
      inspectorCan(method, era) && (shown !== undefined || all.findIndex((other) => other.method === method) === at),
  );

  test.each(operations)("when it $title", (operation) =>
    compare(operation, inspector(rig.direct(server), era), inspector(rig.through(server), era)),
  );
});

test.each<Era>(["legacy", "modern"])("a denial is a tool's own error to the Inspector, era %s", async (era) => {
  const params = { name: "run_command", arguments: { command: "rm -rf /srv" } };
  expect(await inspector(rig.through("ops"), era).ask("tools/call", params)).toMatchObject({
    code: 5,
    said: { result: { isError: true, content: [{ text: expect.stringContaining("DENIED by Countersign") }] } },
  });
});
