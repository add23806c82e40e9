import assert from "node:assert/strict";
import type { DemoStep } from "../stage.ts";

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "demo", version: "1" } },
};

export const tokens: DemoStep = {
  title: "Without a valid token nobody gets in",
  async play({ stack, say, token }) {
    const url = `${stack.publicUrl}/mcp/ops`;
    const post = (bearer: string | undefined) =>
      fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        },
        body: JSON.stringify(INITIALIZE),
      });
    const good = await token("developer");
    const cases: Record<string, string | undefined> = { "no token": undefined, ...(await stack.oidc.oddTokens(good)) };
    for (const [name, bearer] of Object.entries(cases)) {
      const response = await post(bearer);
      await response.text();
      assert.equal(response.status, 401, `${name} must be refused`);
      const challenge = response.headers.get("www-authenticate") ?? "";
      const metadata = challenge.match(/resource_metadata="([^"]+)"/)?.[1];
      assert.ok(metadata, `${name}: WWW-Authenticate names the metadata: ${challenge}`);
      const resource = (await (await fetch(metadata)).json()) as { authorization_servers: string[] };
      assert.ok(resource.authorization_servers.length > 0);
      say(`${name}: 401, ${challenge}`);
    }
    const response = await post(good);
    await response.text();
    assert.equal(response.status, 200, "the same request with a good token is served");
    say("developer's own token: 200");
  },
};
