import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Principal } from "../../lambdas/domain/identity/principal.ts";
import type { Buffered, Streaming } from "../../local/api/functions.ts";
import { type FaultProxy, startFaultProxy } from "../../local/fault-proxy.ts";
import { freePort } from "../../local/port.ts";
import { buffered, eventFor, stream, withAccept } from "../properties/support/invoke.ts";
import { atConsole } from "../properties/support/people.ts";
import { openWorld, type World } from "../properties/support/world.ts";
import { legacy, modern, type Sent } from "../support/gateway.ts";

/** What the functions told operators. */
const counted: string[] = [];
const logged: Record<string, unknown>[] = [];
vi.mock("../../lambdas/operator-metrics.ts", async (original) => ({
  ...(await original<object>()),
  operatorMetrics: (service: string) => (name: string) => counted.push(`${service} ${name}`),
}));
vi.mock("../../lambdas/operator-log.ts", () => {
  const log = (service: string) => (message: string, more: object) => logged.push({ service, message, ...more });
  return { operatorLog: (service: string) => ({ error: log(service), warn: log(service), info: log(service) }) };
});

let world: World;
let tables: FaultProxy;
let silent: string;
let developer: Principal;
let createGateway: typeof import("../../lambdas/gateway/gateway.ts").createGateway;
let createApprovals: typeof import("../../lambdas/approvals/approvals.ts").createApprovals;

beforeAll(async () => {
  world = await openWorld({ times: { maxHeld: 10, waitLeg: "1s" } });
  tables = await startFaultProxy(world.emulator);
  silent = `http://127.0.0.1:${await freePort()}`;
  developer = world.people.developer();
  ({ createGateway } = await import("../../lambdas/gateway/gateway.ts"));
  ({ createApprovals } = await import("../../lambdas/approvals/approvals.ts"));
}, 60_000);
afterAll(async () => {
  await tables?.stop();
  await world?.stop();
}, 30_000);
beforeEach(() => {
  tables.mend();
  counted.length = 0;
  logged.length = 0;
});

/** A gateway whose tables stand behind a door. */
const gatewayWith = (own: Readonly<Record<string, string>> = {}) =>
  createGateway({
    ...world.environmentAt(world.emulator, "gateway"),
    AWS_ENDPOINT_URL_DYNAMODB: tables.url,
    ...own,
  }) as unknown as Streaming;

const ask = (gateway: Streaming, sent: Sent) => {
  const about = { audience: world.publicUrl, method: "POST", resource: "/mcp/iam", path: "/mcp/iam" };
  return stream(gateway, eventFor({ as: developer, ...about, headers: withAccept(sent), body: sent.body }));
};
const call = (name: string, more: object = {}) => legacy("tools/call", { name, arguments: { name: "n", ...more } });

/** Counts of failures; calls that went well are counted, too. */
const failures = () => counted.filter((name) => name.startsWith("every "));
/** The one line that tells of a failure. */
function told(): Record<string, unknown> {
  const lines = logged.filter((line) => "error" in line);
  expect(lines).toHaveLength(1);
  return lines[0] ?? {};
}

describe("in a VPC without the endpoint of", () => {
  test("Secrets Manager, the first call and the log say that the gateway's own secret cannot be read", async () => {
    const step = "the gateway's own secret cannot be read from Secrets Manager";
    const { status, messages } = await ask(
      gatewayWith({ AWS_ENDPOINT_URL_SECRETS_MANAGER: silent }),
      call("read_config"),
    );
    expect(status).toBe(500);
    const { message = "" } = messages[0]?.error ?? {};
    expect(message).toMatch(/\(call [0-9A-HJKMNP-TV-Z]{26}\)$/);
    expect(message).toContain(step);
    expect(message).not.toContain(silent.slice(-6));
    expect(failures()).toEqual(["every RequestsFailed"]);
    expect(told()).toMatchObject({
      service: "gateway",
      message: "an exchange failed",
      call: message.slice(-27, -1),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      error: { message: step },
    });
  });

  test("KMS, a call is refused for its record, and refusal and log name KMS", async () => {
    const { status, text } = await ask(gatewayWith({ AWS_ENDPOINT_URL_KMS: silent }), call("read_config"));
    expect(status).toBe(200);
    expect(text).toMatch(/audit record could not be written \(KMS .+\), so nothing was executed/);
    expect(failures()).toEqual(["every EvidenceFailures"]);
    expect(told()).toMatchObject({
      call: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      error: { message: expect.stringContaining("KMS") },
    });
  });

  test("KMS, a call with a secret in it is refused for the key that would seal it", async () => {
    // Its tools are pinned, so that this record is the first that needs KMS.
    await ask(gatewayWith(), call("read_config"));
    counted.length = 0;
    logged.length = 0;
    const gateway = gatewayWith({ AWS_ENDPOINT_URL_KMS: silent });
    const { text } = await ask(gateway, call("read_config", { key: "AKIAQ3EGRIL7ZX5WQ2MN", password: "hunter2-tree" }));
    expect(text).toContain("KMS gives no key to seal originals with");
    expect(failures()).toEqual(["every EvidenceFailures"]);
    expect(told()).toMatchObject({ message: "a call could not be recorded", call: expect.any(String) });
  });
});

describe("a record that cannot be written is counted once", () => {
  test("when it is of a call that is no message", async () => {
    const gateway = gatewayWith();
    await ask(gateway, call("read_config"));
    tables.cutOnly((operation) => operation === "PutItem");
    const { status } = await ask(gateway, { ...call("x"), body: { jsonrpc: "2.0", id: 1, method: 7 } });
    expect(status).toBe(503);
    expect(failures()).toEqual(["every EvidenceFailures"]);
    expect(told()).toMatchObject({ type: "call.denied", call: expect.any(String) });
  });

  test("when it is of a refusal on the way to an approval, which is told as a tool result", async () => {
    const gateway = gatewayWith();
    const carried = legacy("tools/call", { name: "create_role", arguments: { name: "n" }, task: {} });
    expect((await ask(gateway, carried)).text).toMatch(/^DENIED by Countersign: .*cannot carry task/);
    counted.length = 0;
    logged.length = 0;
    tables.cutAfter(1, (operation) => operation === "PutItem");
    const { status, text } = await ask(gateway, carried);
    expect(status).toBe(200);
    expect(text).toContain("the audit record could not be written");
    expect(failures()).toEqual(["every EvidenceFailures"]);
    expect(told()).toMatchObject({ type: "call.completed", call: expect.any(String) });
  });

  test("when it is of a leg of a wait, which ends with a tool result", async () => {
    const gateway = gatewayWith();
    const waits = modern("tools/call", { name: "create_role", arguments: { name: "leg" } });
    expect((await ask(gateway, waits)).messages[0]?.result?.resultType).toBe("input_required");
    counted.length = 0;
    logged.length = 0;
    // The intent is written; what the leg ends with is not.
    const puts = { left: 1 };
    tables.cutOnly((operation) => operation === "PutItem" && puts.left-- <= 0);
    const { status, text } = await ask(gateway, waits);
    expect(status).toBe(200);
    expect(text).toContain("the audit record could not be written");
    expect(failures()).toEqual(["every EvidenceFailures"]);
  }, 20_000);

  test("when it is of the approvers' API, which answers 503", async () => {
    const environment = { ...world.environmentAt(world.emulator, "approvals"), AWS_ENDPOINT_URL_DYNAMODB: tables.url };
    const api = createApprovals(environment) as Buffered;
    const refusable = {
      as: atConsole(developer),
      audience: world.settings.config.console.audience,
      method: "POST",
      resource: "/principals/{id}/block",
      path: "/principals/x/block",
      id: "local|x",
      body: { reason: "no right to" },
    };
    expect((await buffered(api, eventFor(refusable))).status).toBe(403);
    tables.cutOnly((operation) => operation === "PutItem");
    const event = eventFor(refusable);
    expect((await buffered(api, event)).status).toBe(503);
    expect(failures()).toEqual(["every EvidenceFailures"]);
    expect(told()).toMatchObject({
      service: "approvals",
      type: "access.refused",
      requestId: event.requestContext.requestId,
    });
  });
});

test("a failure of the approvers' API that is no record's is counted once, and its answer names the request", async () => {
  const environment = { ...world.environmentAt(world.emulator, "approvals"), AWS_ENDPOINT_URL_DYNAMODB: tables.url };
  const api = createApprovals(environment) as Buffered;
  const about = { audience: world.settings.config.console.audience, method: "GET", resource: "/me", path: "/me" };
  const event = eventFor({ as: atConsole(developer), ...about });
  tables.cut();
  const { status, body } = await buffered(api, event);
  expect(status).toBe(500);
  expect(body.message).toContain(`(request ${event.requestContext.requestId})`);
  expect(failures()).toEqual(["every RequestsFailed"]);
  expect(told()).toMatchObject({ message: "a request failed", requestId: event.requestContext.requestId });
});

test("an approval that cannot be opened is told, counted and refused for now", async () => {
  const gateway = gatewayWith();
  await ask(gateway, call("read_config"));
  counted.length = 0;
  tables.cutOnly((operation) => operation === "TransactWriteItems");
  const { text } = await ask(gateway, call("create_role", { tag: "unopened" }));
  expect(text).toContain("the approval could not be opened; try again");
  expect(failures()).toEqual(["every RequestsFailed"]);
  expect(told()).toMatchObject({ message: "an approval could not be opened", call: expect.any(String) });
}, 20_000);
