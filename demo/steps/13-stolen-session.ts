import assert from "node:assert/strict";
import type { DemoStep } from "../stage.ts";

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "demo", version: "1" } },
};

export const stolenSession: DemoStep = {
  title: "A stolen session id is worth nothing, pages of other sites are refused, and a session ends at the server too",
  async play({ stack, say, token }) {
    const ask = (account: string, headers: Record<string, string>, body?: object) =>
      token(account).then((bearer) =>
        fetch(`${stack.publicUrl}/mcp/everything`, {
          method: body === undefined ? "DELETE" : "POST",
          headers: {
            authorization: `Bearer ${bearer}`,
            "content-type": "application/json",
            accept: "application/json, text/event-stream",
            ...headers,
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      );
    const ping = { jsonrpc: "2.0", id: 2, method: "ping" };

    const opened = await ask("developer", {}, INITIALIZE);
    const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
    await opened.text();
    assert.equal((await ask("developer", session, ping)).status, 200);

    const thief = await ask("ci-build", session, ping);
    assert.equal(thief.status, 404);
    say(`ci-build with Dana's session id: HTTP ${thief.status}, ${(await thief.text()).slice(0, 120)}`);

    const page = await ask("developer", { ...session, origin: "https://evil.example" }, ping);
    assert.equal(page.status, 403);
    say(`a page of https://evil.example: HTTP ${page.status}`);

    assert.equal((await ask("developer", session)).status, 200);
    const after = await ask("developer", session, ping);
    assert.ok(after.status >= 400, "the server knows the session no more");
    say(`after DELETE the server itself answers HTTP ${after.status}`);
  },
};
