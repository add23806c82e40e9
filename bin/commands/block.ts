import { callApi } from "../call-api.ts";
import type { Place } from "../place.ts";

/** Blocks a principal, or lets it call again, through the API, which records who did it and why. */
export async function setBlocked(
  place: Place,
  principal: string,
  { blocked, reason }: { readonly blocked: boolean; readonly reason: string },
  token: string | undefined,
): Promise<string> {
  const path = `/principals/${encodeURIComponent(principal)}/${blocked ? "block" : "unblock"}`;
  await callApi(place, path, token, { reason });
  return blocked
    ? `${principal} is blocked: its next call is refused, its grants have ended and its approvals are withdrawn.`
    : `${principal} may call again. What ended with the block stays ended.`;
}
