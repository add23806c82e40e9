import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import * as types from "@modelcontextprotocol/sdk/types.js";
import { Client as Client122 } from "mcp-sdk-1-22/client/index.js";
import { StreamableHTTPClientTransport as Transport122 } from "mcp-sdk-1-22/client/streamableHttp.js";
import * as types122 from "mcp-sdk-1-22/types.js";
import {
  bearer,
  type ClientKind,
  capabilitiesOf,
  type Host,
  INFO,
  type Method,
  type Params,
  type Peer,
} from "./peer.ts";

const SDK = { Client, types };
// The same calls with other type parameters: for the compiler two releases have nothing in common.
const SDK_122 = { Client: Client122, types: types122 } as unknown as typeof SDK;

/** The v1 SDK as most agents have it. */
export const v1: ClientKind = {
  name: "SDK 1.32",
  connect: (address, host) =>
    connectV1(new StreamableHTTPClientTransport(new URL(address.url), { requestInit: bearer(address) }), host),
};

/** The last v1 SDK that knows nothing of resumption: it takes the first end of a stream for the end of the call. */
export const v122: ClientKind = {
  name: "SDK 1.22",
  connect: (address, host) =>
    connectV1(new Transport122(new URL(address.url), { requestInit: bearer(address) }) as Transport, host, SDK_122),
};

/** Connects a v1 client over any transport. */
export async function connectV1(transport: Transport, host: Host = {}, sdk = SDK): Promise<Peer> {
  const client = new sdk.Client(INFO, { capabilities: capabilitiesOf(host) });
  const { elicit, sample, roots, onLog, onToolsChanged } = host;
  const { types } = sdk;
  if (elicit) client.setRequestHandler(types.ElicitRequestSchema, async () => elicit());
  if (sample) client.setRequestHandler(types.CreateMessageRequestSchema, async () => sample());
  if (roots) client.setRequestHandler(types.ListRootsRequestSchema, async () => roots());
  if (onLog) client.setNotificationHandler(types.LoggingMessageNotificationSchema, ({ params }) => onLog(params));
  if (onToolsChanged) client.setNotificationHandler(types.ToolListChangedNotificationSchema, () => onToolsChanged());
  await client.connect(transport);

  const calls: Record<Method, (params: Params, options: object) => Promise<unknown>> = {
    ping: (_, options) => client.ping(options),
    "tools/list": (params, options) => client.listTools(params, options),
    "tools/call": (params, options) => client.callTool(params as { name: string }, undefined, options),
    "prompts/list": (params, options) => client.listPrompts(params, options),
    "prompts/get": (params, options) => client.getPrompt(params as { name: string }, options),
    "resources/list": (params, options) => client.listResources(params, options),
    "resources/templates/list": (params, options) => client.listResourceTemplates(params, options),
    "resources/read": (params, options) => client.readResource(params as { uri: string }, options),
    "completion/complete": (params, options) => client.complete(params as never, options),
    "logging/setLevel": ({ level }, options) => client.setLoggingLevel(level as "debug", options),
  };
  return {
    server: [client.getServerVersion(), client.getServerCapabilities(), client.getInstructions()],
    revision: "protocolVersion" in transport ? String(transport.protocolVersion) : undefined,
    ask: async (method, params = {}, options = {}) => calls[method](params, options),
    endSession: async () => {
      if (transport instanceof StreamableHTTPClientTransport || transport instanceof Transport122)
        await transport.terminateSession();
    },
    close: () => client.close(),
  };
}
