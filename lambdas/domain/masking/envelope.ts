import type { Path } from "../json/path.ts";

/**
 * What JSON-RPC and MCP match answers by, or have brought back as it was given. The gateway checks ids against the request;
 * changed, the client would wait for ever, and its server would not know its own page or task.
 */
const ENVELOPE: ReadonlySet<string> = new Set([
  "/jsonrpc",
  "/id",
  "/method",
  "/params/progressToken",
  "/params/requestId",
  "/params/_meta/progressToken",
  ...["/params/_meta", "/result/_meta"].map((meta) => `${meta}/io.modelcontextprotocol~1subscriptionId`),
  ...["/params/cursor", "/result/nextCursor"],
  ...["/params/taskId", "/result/taskId", "/result/task/taskId"],
]);

/** Objects whose `taskId` names a task: an entry of a list of tasks, and the metadata that says which task a message is about. */
const OF_A_TASK =
  /^\/result\/tasks\/\d+\/taskId$|^\/(?:params|result)\/_meta\/io\.modelcontextprotocol~1related-task\/taskId$/;

/** Whether a leaf of a JSON-RPC message belongs to the protocol and not to what it carries. */
export const isEnvelope = (path: Path): boolean =>
  path.depth <= 3
    ? ENVELOPE.has(path.pointer())
    : path.depth === 4 && path.segments[3] === "taskId" && OF_A_TASK.test(path.pointer());
