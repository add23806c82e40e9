import assert from "node:assert/strict";
import type { DemoStep } from "../stage.ts";

const CALL = { jsonrpc: "2.0", id: 7, method: "tools/call", params: { name: "list_roles", arguments: {} } };
const HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };

export const sameBytes: DemoStep = {
  title: "An allowed call gives the server's bytes; without the gateway the server refuses",
  async play({ stack, say, token }) {
    const post = async (url: string, bearer: string | undefined) => {
      const headers = bearer === undefined ? HEADERS : { ...HEADERS, authorization: `Bearer ${bearer}` };
      const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(CALL) });
      return { status: response.status, type: response.headers.get("content-type"), body: await response.text() };
    };
    const direct = await post(stack.ops.url, stack.ops.credential);
    const through = await post(`${stack.publicUrl}/mcp/ops`, await token("developer"));
    assert.equal(direct.status, 200);
    assert.equal(through.body, direct.body);
    say(`${Buffer.byteLength(through.body)} bytes, equal: ${through.body.slice(0, 80)}`);
    const bypass = await post(stack.ops.url, undefined);
    assert.equal(bypass.status, 401);
    const ownToken = await post(stack.ops.url, await token("developer"));
    assert.equal(ownToken.status, 401, "a caller's own token is worth nothing at the server");
    say(`straight to the server: HTTP ${bypass.status}, with developer's token: HTTP ${ownToken.status}`);
  },
};
