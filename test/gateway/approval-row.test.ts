import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Json } from "../../lambdas/domain/json/json.ts";
import type { ClientMessage } from "../../lambdas/domain/mcp/message.ts";
import { assess, compileRisks } from "../../lambdas/domain/risk/index.ts";
import { createSeals } from "../../lambdas/domain/seal/seal.ts";
import { UpstreamFailure } from "../../lambdas/domain/upstream/answer.ts";
import { type Asked, approvalRow } from "../../lambdas/gateway/approval-row.ts";
import type { Call } from "../../lambdas/gateway/call.ts";
import type { House } from "../../lambdas/gateway/house.ts";
import type { Incoming } from "../../lambdas/gateway/incoming.ts";
import { sessionHeader, sessionOf } from "../../lambdas/gateway/sessions.ts";
import { parseRisks } from "../../lib/config/risks.ts";
import { denying, exchangeCall, exchangeHouse } from "./support/one-exchange.ts";

const risks = compileRisks(parseRisks(readFileSync("config/risks.yaml", "utf8"), "config/risks.yaml"));
const token = ["ghp", "R4nd0mT0kenThatLooksLikeOne0123456789"].join("_");
const seals = createSeals(["a secret of the tests"], Date.now);
const house: House = { ...exchangeHouse({ engine: denying }).house, seals: async () => seals };
const asked = {
  kind: "call",
  decision: { kind: "approve", group: "platform", policies: [], scopes: { session: false, maxMinutes: null } },
  tool: { description: null, digest: "" },
  digest: "d".repeat(64),
  attempt: 1,
} as unknown as Asked;

const rowOf = (call: Partial<Call>) => approvalRow(exchangeCall({ method: "tools/call" }, call), asked, house);

describe("the row of an approval", () => {
  const commanded = (args: Json) =>
    rowOf({
      arguments: args,
      risks: assess({ server: "ops", method: "tools/call", name: "run_command", arguments: args }, risks),
    });

  test("says where more matched than it shows", async () => {
    const label = "release-notes-".repeat(60);
    const { risks: long } = await commanded({ command: `env LABEL=${label} rm -rf /` });
    expect(long).toEqual([{ risk: "destructive", pointer: "/command", match: expect.any(String), cut: true }]);
    expect((await commanded({ command: "rm -rf /" })).risks).toEqual([
      { risk: "destructive", pointer: "/command", match: "rm -rf /" },
    ]);
  });

  test("holds no credential in what matched, wherever a match is cut", async () => {
    const row = await commanded({ command: `rm -rf ${"a".repeat(156)} ${token} /tmp`, argv: ["rm", "-rf", token] });
    expect(row.revealNeeded).toBe(true);
    const { sealedArguments: _, ...open } = row;
    expect(JSON.stringify(open)).not.toContain(token.slice(0, 12));
  });

  test("reads masked arguments as they are spelled", async () => {
    // V8 reads the second name as the first one (nodejs/node#63785).
    const args = { seed: { uu: "a", "D:\\\\": "readme" }, files: { uu: "a", "D:\\x": token } };
    const { arguments: shown } = await commanded(args);
    expect(shown).toBe(JSON.stringify(args).replace(token, "[GITHUB_TOKEN, 41 characters]"));
  });
});

describe("the program that asks", () => {
  const initialize = (clientInfo: Json | undefined): Partial<ClientMessage> => ({
    method: "initialize",
    ...(clientInfo === undefined ? {} : { params: { clientInfo } }),
  });
  const opened = async (clientInfo: Json | undefined, upstream: string | undefined) => {
    const call = exchangeCall(initialize(clientInfo));
    return (await sessionHeader(call, { sessionId: upstream, cookies: [] }, house))["mcp-session-id"] ?? "";
  };
  /** What a row says of the program that goes on with a session. */
  const agentOf = async (sealed: string) => {
    const { caller, message } = exchangeCall({ method: "tools/call" });
    const incoming = { server: "ops", headers: { "mcp-session-id": sealed } } as unknown as Incoming;
    return (await rowOf(await sessionOf(incoming, message, caller, "call-2", house))).agent;
  };

  test("of a session is the one that opened it", async () => {
    expect(await agentOf(await opened({ name: "coder", version: "2.1" }, "inner-1"))).toEqual({
      name: "coder",
      version: "2.1",
    });
  });

  test.each<[string, Json | undefined, { name: string; version: string } | null]>([
    [
      "is cut",
      { name: `${"n".repeat(79)}😀`, version: "v".repeat(99) },
      { name: `${"n".repeat(79)}\ufffd`, version: "v".repeat(40) },
    ],
    ["may leave out its version", { name: "coder" }, { name: "coder", version: "" }],
    ["is nobody by what is no text", { name: "coder", version: { toString: 1 } }, { name: "coder", version: "" }],
    ["may have no name", { version: "1" }, null],
    ["may say nothing", undefined, null],
  ])("%s", async (_, clientInfo, agent) => {
    expect(await agentOf(await opened(clientInfo, "inner-1"))).toEqual(agent);
  });

  test("is not known of a session from before it was kept", async () => {
    const payload = { session: "s", upstream: "inner-1", principal: "company|dev", server: "ops" };
    expect(await agentOf(await seals.seal("session", payload, null))).toBeNull();
  });

  test("is left out where its name would make a session too long to carry, which is refused only without it", async () => {
    const info = { name: "界".repeat(80), version: "界".repeat(40) };
    const fits = await opened(info, "x".repeat(2700));
    expect(fits.length).toBeLessThanOrEqual(4096);
    expect(await agentOf(fits)).toBeNull();
    await expect(opened(info, "x".repeat(4000))).rejects.toThrow(UpstreamFailure);
  });

  test("of a message of 2026-07-28 is the one that the message names", async () => {
    const _meta = { "io.modelcontextprotocol/clientInfo": { name: "coder", version: "3" } };
    const message = { ...exchangeCall().message, method: "tools/call", params: { _meta } };
    expect((await rowOf({ message, agent: null })).agent).toEqual({ name: "coder", version: "3" });
  });
});
