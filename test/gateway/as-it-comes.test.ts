import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { asItComes } from "../../lambdas/gateway/as-it-comes.ts";
import type { Call } from "../../lambdas/gateway/call.ts";
import type { House } from "../../lambdas/gateway/house.ts";

const house = { settings: { config: { limits: { keepAlive: 0.02 } } } } as House;
const callOf = (accept: string) =>
  ({
    message: { kind: "request", method: "tools/call" },
    headers: { accept },
    ended: new AbortController(),
  }) as unknown as Call;

/** Answers after a while; `left` is settled when nobody waits for it any more. */
function slow() {
  const left = Promise.withResolvers<string>();
  async function* messages() {
    try {
      await pause(100);
      yield { text: '{"id":1}' };
      await pause(100);
      yield { text: '{"id":2}' };
      left.resolve("at its end");
    } finally {
      left.resolve("early");
    }
  }
  return { messages: messages(), left: left.promise };
}

test("an answer that says nothing before its end comes whole", async () => {
  const { messages, left } = slow();
  expect(await asItComes(callOf("application/json"), messages, house)).toMatchObject({ status: 200, body: '{"id":2}' });
  expect(await left).toBe("at its end");
});
