import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, type Gateway, modern, openGateway } from "../support/gateway.ts";
import { type Script, type ScriptedServers, STREAM_TYPE, sse, startScripted } from "../support/scripted-server.ts";

/** Says something all the time, so that no moment is quiet. */
const chatter: Script = (_, response) => {
  response.writeHead(200, STREAM_TYPE).flushHeaders();
  const note = sse({ method: "notifications/message", params: { level: "info", data: "and another thing" } });
  const talk = setInterval(() => response.write(note), 100);
  response.on("close", () => clearInterval(talk));
};

let servers: ScriptedServers;
let gateway: Gateway;

beforeAll(async () => {
  servers = await startScripted({ chatter }, ["chatter"]);
  gateway = await openGateway({ moreServers: servers.servers });
}, 120_000);
afterAll(async () => {
  await gateway?.stack.stop();
  await servers?.stop();
}, 30_000);

const listening = (token: string): Promise<Answer> =>
  gateway.send("chatter", { ...modern("subscriptions/listen", { notifications: {} }, "sub-1"), token });
const last = ({ messages }: Answer) => messages.at(-1);
const COMPLETE = { id: "sub-1", result: { resultType: "complete" } };

test("a stream that listens ends with its caller's token, however much the server has to say", async () => {
  const exp = Math.floor(Date.now() / 1000) + 3;
  const token = await gateway.stack.oidc.forge({ ...decodeJwt(gateway.developer), exp });
  const answer = await listening(token);
  expect(Date.now() - exp * 1000, "the look at the principal's row comes later").toBeLessThan(1000);
  expect(answer.messages.length).toBeGreaterThan(2);
  expect(last(answer)).toMatchObject(COMPLETE);
  expect((await listening(token)).status, "it takes another token to open the next").toBe(401);
}, 30_000);

test("a stream that listens ends with its caller's block, however much the server has to say", async () => {
  const answering = listening(gateway.developer);
  const by = { by: "administrator", reason: "gone", at: Date.now() };
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await gateway.access.block(gateway.principal, by);
  const blocked = Date.now();
  const answer = await answering;
  expect(Date.now() - blocked).toBeLessThan(6000);
  expect(last(answer)).toMatchObject(COMPLETE);
}, 30_000);
