import { isWithdrawable } from "../domain/approval/decision.ts";
import { isActive } from "../domain/approval/grant.ts";
import { CountersignError } from "../domain/error.ts";
import { whyNobody } from "../domain/identity/account.ts";
import { type Actor, spokenBy } from "./actor.ts";
import type { Desk } from "./desk.ts";
import { endGrantAs } from "./end-and-record.ts";

/**
 * Blocks a principal: its next call is refused. What it holds ends with it, also when this is said a second time, so that a
 * block which was cut off half-way can be finished.
 */
export async function blockPrincipal(account: string, reason: string, actor: Actor, desk: Desk): Promise<void> {
  const now = desk.now();
  if (!(await desk.access.look(account)).blocked) {
    await recordAccount("principal.blocked", account, reason, actor, desk);
    await desk.access.block(account, { by: actor.name, reason, at: now });
  }
  const why = `principal blocked: ${reason}`;
  for (const grant of await desk.grants.of(account))
    if (isActive(grant, now)) await endGrantAs(grant, why, actor, desk);
  for (const row of await desk.approvals.openOf(account)) {
    if (!isWithdrawable(row, now)) continue;
    const word = { by: actor.name, reason: why, at: now, ...spokenBy(actor) };
    if (await desk.approvals.withdraw(row.id, word))
      await desk.tokens
        .wake(row)
        .catch((error: Error) => desk.log.error("a flow could not be woken", { id: row.id, error }));
  }
}

/** The record comes first: an account that changed has left a trace. */
export async function recordAccount(
  type: "principal.blocked" | "principal.unblocked",
  account: string,
  reason: string,
  { session, who, source }: Actor,
  { writer, now }: Desk,
): Promise<void> {
  await writer.append({
    type,
    occurredAt: new Date(now()).toISOString(),
    session,
    target: account,
    outcome: type === "principal.blocked" ? "blocked" : "unblocked",
    reason,
    ...(who === undefined ? {} : { principal: who }),
    source,
  });
}

/** @throws CountersignError `bad_request` for what can be nobody's id here */
export function requireAccount(account: string, { settings }: Pick<Desk, "settings">): void {
  const { issuers, saml } = settings.config.identity;
  const why = whyNobody(account, issuers, saml?.name);
  if (why !== undefined) throw new CountersignError("bad_request", why);
}
