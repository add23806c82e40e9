import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { empty, json, type Reply, stream } from "../../lambdas/gateway/reply.ts";
import { writeReply } from "../../lambdas/gateway/write-reply.ts";
import { installAwsLambda, LambdaResponseStream } from "../../local/api/response-stream.ts";
import { closeServer, listen } from "../../local/port.ts";

let reply: Reply;
let broke: unknown;
const server = createServer((_request, response) => {
  const given = new LambdaResponseStream(response) as unknown as awslambda.HttpResponseStream;
  writeReply(reply, given).catch((cause: unknown) => {
    broke = cause;
    response.destroy();
  });
});
let url: string;

beforeAll(async () => {
  installAwsLambda();
  url = `http://127.0.0.1:${await listen(server)}`;
});
afterAll(() => closeServer(server));

async function* nothing(): AsyncGenerator<string> {}

/** Status, type and body as a client gets them. */
async function written(own: Reply) {
  reply = own;
  const answer = await fetch(url);
  return [answer.status, answer.headers.get("content-type"), await answer.text()];
}

describe("status and headers reach the client", () => {
  test.each<[string, Reply, unknown[]]>([
    ["a text", json(404, "{}"), [404, "application/json", "{}"]],
    ["nothing", empty(405), [405, null, ""]],
    ["a stream that ends without one event", stream(nothing()), [200, "text/event-stream", ""]],
  ])("before %s", async (_what, own, expected) => {
    expect(await written(own)).toEqual(expected);
  });

  test("while a stream is still silent", async () => {
    let speak = () => {};
    const silence = new Promise<void>((resolve) => {
      speak = resolve;
    });
    async function* late() {
      await silence;
      yield "data: 1\n\n";
    }
    reply = stream(late());
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    speak();
    expect(await answer.text()).toBe("data: 1\n\n");
  });
});

test("a stream that breaks off breaks the answer off", async () => {
  async function* broken() {
    yield "data: 1\n\n";
    throw new Error("the evidence failed");
  }
  await expect(written(stream(broken()))).rejects.toThrow();
  expect(broke).toMatchObject({ message: "the evidence failed" });
});
