import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { ClientKind } from "./peer.ts";
import { commandOf, makeHome } from "./program.ts";
import { connectV1 } from "./v1.ts";

/** `mcp-remote`, which gives a client that knows stdio alone a server over HTTP. */
export const remote: ClientKind = {
  name: "mcp-remote",
  async connect({ url, token }, host) {
    const home = makeHome();
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [commandOf("mcp-remote"), url, "--allow-http", "--header", `Authorization: Bearer ${token}`],
      env: home.env,
      stderr: "ignore",
    });
    const peer = await connectV1(transport, host);
    const close = async () => {
      await peer.close();
      home.remove();
    };
    return { ...peer, close };
  },
};
