import type { PrincipalRow } from "../aws/access-table.ts";
import { nameOfParts } from "../domain/json/canonical.ts";
import type { JsonRpcId } from "../domain/mcp/refusal.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";

/** By which a client of a legacy session takes a request back. */
export const CANCELLED = "notifications/cancelled";

/**
 * What a held call goes by among the waits of its principal. In a session it begins with what its client calls it, so
 * that the client can take it back; without one nobody could tell its ids from those of another client.
 */
export const waitName = ({ id, session, sessionKind, message }: Call): string =>
  sessionKind === "sealed" ? `${requestName(session, message.id)}:${id}` : id;

/** Ends the waits that a notification is about: what a client has given up must not run behind its back. */
export async function endCancelledWaits({ caller, session, sessionKind, message }: Call, house: House): Promise<void> {
  const { requestId } = message.params;
  if (sessionKind !== "sealed" || (typeof requestId !== "string" && typeof requestId !== "number")) return;
  await house.access.displace(caller.principal.id, `wait:${requestName(session, requestId)}:`, "");
}

/** Whether the client of a held call has taken it back: its place is gone. */
export const isCancelled = ({ place }: Call, row: PrincipalRow): boolean =>
  place !== undefined && !row.open.has(`wait:${place}`);

const requestName = (session: string, id: JsonRpcId | null) => nameOfParts([session, id]);
