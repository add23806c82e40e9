import type { PrincipalRow } from "../aws/access-table.ts";
import { nameOfParts } from "../domain/json/canonical.ts";
import type { JsonRpcId } from "../domain/mcp/refusal.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";

/**
 * What a held call goes by among the waits of its principal. In a session it begins with what its client calls it, so
 * that the client can take it back; without one nobody could tell its ids from those of another client.
 */
export const waitName = (call: Call): string =>
  call.sessionKind === "sealed" ? `${requestName(call, call.message.id)}:${call.id}` : call.id;

/** The call, whose client can take it back, in its place. */
export const inPlace = (call: Call): Call =>
  call.sessionKind === "sealed" ? { ...call, place: waitName(call) } : call;

/**
 * Ends the waits of a session that ends, or of the request that a notification is about: what a client has given up must
 * not run behind its back.
 */
export async function endWaits(call: Call, house: House): Promise<void> {
  if (call.sessionKind !== "sealed") return;
  const { requestId } = call.message.params;
  const isId = typeof requestId === "string" || typeof requestId === "number";
  if (call.message.kind !== "end" && !isId) return;
  const waits = call.message.kind === "end" ? sessionName(call) : requestName(call, requestId as JsonRpcId);
  await house.access.displace(call.caller.principal.id, `wait:${waits}:`, "");
}

/** Whether the client of a held call has taken it back: its place is gone. */
export const isCancelled = ({ place }: Call, row: PrincipalRow): boolean =>
  place !== undefined && !row.open.has(`wait:${place}`);

const sessionName = ({ session }: Call) => nameOfParts([session]);
const requestName = (call: Call, id: JsonRpcId | null) => `${sessionName(call)}:${nameOfParts([id])}`;
