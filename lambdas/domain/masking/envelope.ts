import type { Path } from "../json/path.ts";

/** What JSON-RPC and MCP match answers by. The gateway checks these against the request; changed, the client would wait forever. */
const ENVELOPE: ReadonlySet<string> = new Set([
  "/jsonrpc",
  "/id",
  "/method",
  "/params/progressToken",
  "/params/requestId",
  "/params/_meta/progressToken",
]);

/** Whether a leaf of a JSON-RPC message belongs to the protocol and not to what it carries. */
export const isEnvelope = (path: Path): boolean => path.depth <= 3 && ENVELOPE.has(path.pointer());
