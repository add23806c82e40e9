import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LocalStack } from "../../local/stack.ts";
import { approving } from "../support/approving.ts";
import { openGateway } from "../support/gateway.ts";
import type { ClientKind } from "./support/peer.ts";
import { v1, v122 } from "./support/v1.ts";
import { v2Auto, v2Default, v2Modern } from "./support/v2.ts";

/** What fifty seconds are for clients that give up after sixty. */
const HOLD = "1s";

let stack: LocalStack;
let desk: ReturnType<typeof approving>;
let token: string;

beforeAll(async () => {
  const gateway = await openGateway({ times: { holdPlain: HOLD, holdProgress: HOLD, waitLeg: HOLD } });
  stack = gateway.stack;
  desk = approving(gateway);
  token = gateway.developer;
}, 120_000);
afterAll(() => stack?.stop(), 30_000);

const textOf = (result: unknown) => String((result as { content: { text: string }[] }).content[0]?.text);
const runsOf = (name: string) => stack.ops.executions.filter((execution) => execution.arguments.name === name).length;

describe("an approval that takes longer than a client can wait", () => {
  // The waits of 2026-07-28 are nine legs that go on from one another before the answer comes.
  test.each<[string, ClientKind]>([v1, v122, v2Default, v2Auto, v2Modern].map((kind) => [kind.name, kind]))(
    "%s is told to call again, and the second call gets the result of the one run",
    async (_, kind) => {
      const name = `slow-${kind.name.replaceAll(/[^a-z0-9]+/gi, "-")}`;
      const call = { name: "create_role", arguments: { name } };
      const peer = await kind.connect({ url: `${stack.publicUrl}/mcp/ops`, token });
      try {
        const first = await peer.ask("tools/call", call);
        expect(first).toMatchObject({ isError: true });
        expect(textOf(first)).toMatch(/^PENDING APPROVAL \S+\. Not executed yet: .*with the same arguments/);
        expect(runsOf(name)).toBe(0);

        const id = textOf(first).match(/PENDING APPROVAL (\S+)\./)?.[1] ?? "";
        expect((await desk.decide(id, "approve")).status).toBe(200);
        const second = await peer.ask("tools/call", call);
        expect(second).not.toMatchObject({ isError: true });
        expect(textOf(second)).toContain(name);
        const third = await peer.ask("tools/call", call);
        expect(textOf(third), "a client that lost the answer collects it").toBe(textOf(second));
        expect(runsOf(name)).toBe(1);
      } finally {
        await peer.close();
      }
    },
    60_000,
  );
});
