/** Names of the Model Context Protocol, revision 2026-07-28 unless another is named. */
export const MODERN_REVISION = "2026-07-28";
export const META_PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";
export const META_CLIENT_CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
export const META_SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId";
export const TASKS_EXTENSION = "io.modelcontextprotocol/tasks";
/** Our own keys in a request's `_meta`: why a caller runs a call without its approval, and which approval it comes for. */
export const META_BREAK_GLASS = "dev.countersign/break-glass";
export const META_APPROVAL = "dev.countersign/approval";
/** In a result's `_meta`: it is that of an earlier call, and when that one ran. */
export const META_COLLECTED = "dev.countersign/collected";
export const LISTEN = "subscriptions/listen";

/** By which a request is taken back (2025-11-25, cancellation). */
export const CANCELLED = "notifications/cancelled";

/** JSON-RPC 2.0 section 5.1. */
export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
/** 2025-11-25, elicitation: the client has to visit a URL first. */
export const URL_ELICITATION_REQUIRED = -32042;
/** 2026-07-28, streamable HTTP: a header is missing or says other than the body. */
export const HEADER_MISMATCH = -32020;

/** Own codes stay outside -32768..-32000, which JSON-RPC and MCP keep for themselves. */
export const OWN_CODE = {
  denied: 4001,
  notRecorded: 4002,
  outcomeNotRecorded: 4003,
  upstreamFailed: 4004,
  withheld: 4005,
  pending: 4006,
  unknownServer: 4007,
  sessionUnknown: 4008,
  foreignOrigin: 4009,
  overused: 4010,
} as const;
