import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Question } from "../../lambdas/domain/policy/question.ts";
import type { UpstreamAnswer, UpstreamRequest } from "../../lambdas/domain/upstream/answer.ts";
import { inspector } from "../../lambdas/gateway/inspect.ts";
import { release } from "../../lambdas/gateway/release.ts";
import { allOf, denying, exchangeCall, exchangeHouse, serverAnswer } from "./support/one-exchange.ts";

const KEY = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
const rpc = (message: object) => JSON.stringify({ jsonrpc: "2.0", ...message });
const RESPONSE = rpc({ id: 5, result: { messages: [] } });
const question = (id: number) => rpc({ id: `q${id}`, method: "sampling/createMessage" });
const questions = (count: number) => Array.from({ length: count }, (_, at) => question(at));

/** Methods that a server may name, and what is shown of them. */
const METHODS: readonly [string, string, RegExp][] = [
  ["a secret", `token ${KEY} ada@example.com`, /token \[GITHUB_TOKEN\] \[EMAIL_ADDRESS\]/],
  ["half a surrogate pair", "half \ud800 pair", /half \ufffd pair/],
  ["more than any record holds", "y".repeat(500_000), /y{256}/],
];

/** Never answers what it is told, until that is broken off. */
function deaf() {
  const told: UpstreamRequest[] = [];
  const send = (request: UpstreamRequest) => {
    told.push(request);
    return new Promise<UpstreamAnswer>((_, reject) => {
      const { signal, within } = request;
      const end = setTimeout(() => reject(new Error("the time is over")), within);
      signal?.addEventListener("abort", () => {
        clearTimeout(end);
        reject(signal.reason);
      });
    });
  };
  return { told, send };
}

describe("a server that names a method with", () => {
  test.each(METHODS)(
    "%s inside a result: the caller and the record see it masked and cut",
    async (_, method, shown) => {
      const { house, records, failures } = exchangeHouse({ engine: denying });
      const call = exchangeCall({ era: "modern" });
      const result = { resultType: "input_required", inputRequests: { a: { method } } };
      const [last, ...others] = await allOf(release(call, serverAnswer("json", [rpc({ id: 5, result })]), house));
      expect(others).toEqual([]);
      const text: string = JSON.parse(last?.text ?? "").error.message;
      expect(text).toMatch(/^DENIED by Countersign: the server asked for .*no-asking/);
      expect(text).toMatch(shown);
      expect(records).toMatchObject([
        { type: "call.completed", outcome: "denied", reason: expect.stringMatching(shown) },
      ]);
      for (const said of [text, records[0]?.reason ?? ""]) {
        expect(said).not.toContain(KEY);
        expect(said.length).toBeLessThan(700);
      }
      expect(failures).toEqual([]);
    },
  );

  test.each(METHODS)("%s in a request on a stream: the record and the server see it so", async (_, method, shown) => {
    const told: string[] = [];
    const send = async ({ body = "" }: UpstreamRequest) => {
      told.push(body);
      return serverAnswer("json");
    };
    const { house, records, failures } = exchangeHouse({ engine: denying, send });
    const asking = rpc({ id: "q", method, params: { inputRequests: { a: { method } } } });
    const messages = await allOf(release(exchangeCall(), serverAnswer("stream", [asking, RESPONSE]), house));
    expect(messages.map(({ text }) => text)).toEqual([RESPONSE]);
    expect(records.map(({ type, outcome }) => [type, outcome])).toEqual([
      ["call.denied", "denied"],
      ["call.completed", "ok"],
    ]);
    expect(records[0]?.method).toMatch(shown);
    expect(records[0]?.method?.length).toBeLessThanOrEqual(256);
    for (const said of [records[0]?.method, records[0]?.reason, ...told]) expect(said).not.toContain(KEY);
    expect(told).toMatchObject([expect.stringContaining('"id":"q"')]);
    expect(failures).toEqual([]);
  });

  test.each(METHODS)("%s in a notice: it is dropped, and the call goes on", async (_, method, shown) => {
    const { house, records, failures } = exchangeHouse({ engine: denying });
    const messages = await allOf(release(exchangeCall(), serverAnswer("stream", [rpc({ method }), RESPONSE]), house));
    expect(messages.map(({ text }) => text)).toEqual([RESPONSE]);
    expect(records).toMatchObject([
      { type: "call.denied", method: expect.stringMatching(shown) },
      { type: "call.completed", outcome: "ok" },
    ]);
    expect(failures).toEqual([]);
  });
});

test("an outcome with something masked under a name with half a surrogate pair is recorded, and the answer leaves", async () => {
  const { house, records, failures } = exchangeHouse({ engine: denying });
  const response = '{"jsonrpc":"2.0","id":5,"result":{"messages":[],"\\ud800":"ada@example.com"}}';
  const messages = await allOf(release(exchangeCall(), serverAnswer("json", [response]), house));
  expect(messages.map(({ text }) => text)).toEqual([response.replace("ada@example.com", "[EMAIL_ADDRESS]")]);
  expect(records).toMatchObject([
    { outcome: "ok", response: { findings: [{ kind: "EMAIL_ADDRESS", pointer: "/result/\ufffd" }] } },
  ]);
  expect(failures).toEqual([]);
});

describe("a server whose requests are denied", () => {
  test("and which does not listen to that holds up no answer, and the call ends in its time", async () => {
    const { told, send } = deaf();
    const { house, records } = exchangeHouse({ engine: denying, send });
    const began = performance.now();
    const messages = release(exchangeCall(), serverAnswer("stream", [...questions(3), RESPONSE]), house);
    expect((await messages.next()).value).toMatchObject({ text: RESPONSE });
    expect(performance.now() - began, "the answer has left").toBeLessThan(1000);
    expect(await messages.next()).toMatchObject({ done: true });
    expect(performance.now() - began, "all of callTimeout, and not three times the gateway's patience").toBeLessThan(
      2500,
    );
    expect(told).toHaveLength(3);
    expect(records.map(({ type }) => type)).toEqual(["call.denied", "call.denied", "call.denied", "call.completed"]);
  });

  test("is told of all of them before the answer is over: a function then stands still", async () => {
    let heard = 0;
    const send = async () => {
      await pause(100);
      heard += 1;
      return serverAnswer("json");
    };
    const { house } = exchangeHouse({ engine: denying, send });
    await allOf(release(exchangeCall(), serverAnswer("stream", [...questions(3), RESPONSE]), house));
    expect(heard).toBe(3);
  });

  test("is told nothing more once nobody listens", async () => {
    const { told, send } = deaf();
    const { house } = exchangeHouse({ engine: denying, send });
    const call = exchangeCall();
    const messages = release(call, serverAnswer("stream", [question(1), RESPONSE]), house);
    await messages.next();
    const began = performance.now();
    call.ended.abort();
    await messages.return(undefined);
    expect(performance.now() - began).toBeLessThan(500);
    expect(told.map(({ signal }) => signal?.aborted)).toEqual([true]);
  });

  test("and which asks on and on is not humoured: the call ends, and its record says why", async () => {
    const { house, records } = exchangeHouse({ engine: denying });
    const [last] = (
      await allOf(release(exchangeCall(), serverAnswer("stream", [...questions(101), RESPONSE]), house))
    ).slice(-1);
    expect(last?.text).toContain("asked for more than 100 things that this caller may not be asked");
    expect(records.filter(({ type }) => type === "call.denied")).toHaveLength(100);
    expect(records.at(-1)).toMatchObject({ type: "call.completed", outcome: "unknown" });
  });

  test("and which keeps the ledger busy with them beyond the call's time is given up like any other", async () => {
    let now = 0;
    // Each look at the clock is half a second later.
    const { house, records } = exchangeHouse({ engine: denying, now: () => (now += 500) });
    const notices = Array.from({ length: 1000 }, () => rpc({ method: "notifications/message" }));
    const call = exchangeCall({}, { startedAt: 0 });
    const [last] = (await allOf(release(call, serverAnswer("stream", [...notices, RESPONSE]), house))).slice(-1);
    expect(last?.text).toContain("did not end in the time that a call has");
    expect(records.length).toBeLessThan(5);
    expect(records.at(-1)).toMatchObject({ type: "call.completed", outcome: "cancelled" });
  });
});

test("policy is asked once about notices of a kind, and nothing is kept of one that is long: a server's words may fill no memory", () => {
  let asked = 0;
  const engine = {
    ...denying,
    ask: (question: Question) => {
      asked += 1;
      return denying.ask(question);
    },
  };
  const { notice } = inspector(exchangeCall(), exchangeHouse({ engine }).house);
  const hears = (uri: string, method = "notifications/resources/updated") => notice({ method, params: { uri } });
  for (const uri of ["file:///a", "file:///a", "file:///b"]) expect(hears(uri)).toContain("no-asking");
  expect(asked, "of the same kind").toBe(2);
  for (const uri of ["u".repeat(2000), "u".repeat(2000)]) expect(hears(uri)).toContain("no-asking");
  expect(asked, "of a long one").toBe(4);
  for (const method of ["m".repeat(2000), "m".repeat(2000)]) expect(hears("", method)).toContain("no-asking");
  expect(asked, "of a long method").toBe(6);
});
