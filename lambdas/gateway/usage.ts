import type { PrincipalRow } from "../aws/access-table.ts";
import { REFUSAL } from "../domain/mcp/answers.ts";
import { overused, type UsageWindow, windowsOf } from "../domain/usage/usage.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";

/**
 * The windows that a call counts in. What asks for nothing (a notification, an answer to the server, the end of a session)
 * counts in none: nobody would hear when to say it again, and a server would wait for it in vain.
 */
export function windowsOfCall({ message, server }: Call, { settings, now }: House): UsageWindow[] {
  if (message.kind !== "request" && message.kind !== "listen") return [];
  const { limits, servers } = settings.config;
  return windowsOf(limits.calls, servers.find(({ name }) => name === server)?.calls, server, now());
}

/** What to say to a call that came over a limit, and the reason for its record; undefined where there was room for it. */
export function overUse(call: Call, windows: readonly UsageWindow[], { used }: PrincipalRow, { now }: House) {
  const window = overused(windows, used);
  if (window === undefined) return undefined;
  const { limit, per, server, endsAt } = window;
  const reason = `you reached your limit of ${limit} calls a ${per}${server === null ? "" : ` to the server "${server}"`}`;
  const seconds = Math.max(1, Math.ceil((endsAt - now()) / 1000));
  return { reason, seconds, refusal: REFUSAL.overused(call.id, reason, seconds) };
}
