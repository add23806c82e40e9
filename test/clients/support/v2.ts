import { Client, type ClientOptions, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
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

type Negotiation = ClientOptions["versionNegotiation"];

/** The v2 SDK as it comes: the handshake of 2025. */
export const v2Default = v2("SDK 2.4", undefined);
/** The v2 SDK that looks which era the server speaks. */
export const v2Auto = v2("SDK 2.4 auto", { mode: "auto" });
/** The v2 SDK that speaks 2026-07-28 or nothing. */
export const v2Modern = v2("SDK 2.4 modern", { mode: { pin: "2026-07-28" } });

function v2(name: string, negotiation: Negotiation): ClientKind {
  return { name, connect: (address, host) => connectV2(address, host, negotiation) };
}

async function connectV2(
  address: Parameters<ClientKind["connect"]>[0],
  host: Host = {},
  versionNegotiation: Negotiation,
): Promise<Peer> {
  const { elicit, sample, roots, onLog, onToolsChanged } = host;
  const client = new Client(INFO, {
    capabilities: capabilitiesOf(host),
    ...(versionNegotiation === undefined ? {} : { versionNegotiation }),
    ...(onToolsChanged
      ? { listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => onToolsChanged() } } }
      : {}),
  });
  if (elicit) client.setRequestHandler("elicitation/create", async () => elicit() as never);
  if (sample) client.setRequestHandler("sampling/createMessage", async () => sample() as never);
  if (roots) client.setRequestHandler("roots/list", async () => roots() as never);
  if (onLog) client.setNotificationHandler("notifications/message", ({ params }) => onLog(params));
  const transport = new StreamableHTTPClientTransport(new URL(address.url), { requestInit: bearer(address) });
  await client.connect(transport);

  const calls: Record<Method, (params: Params, options: object) => Promise<unknown>> = {
    ping: (_, options) => client.ping(options),
    "tools/list": (params, options) => client.listTools(params, options),
    "tools/call": (params, options) => client.callTool(params as { name: string }, options),
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
    revision: client.getNegotiatedProtocolVersion(),
    ask: async (method, params = {}, options = {}) => calls[method](params, options),
    endSession: () => transport.terminateSession(),
    close: () => client.close(),
  };
}
