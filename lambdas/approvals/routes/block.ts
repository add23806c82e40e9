import { bodyOf } from "../../api/api.ts";
import { sourceOf } from "../../api/source.ts";
import { isWithdrawable } from "../../domain/approval/decision.ts";
import { isActive } from "../../domain/approval/grant.ts";
import { CountersignError } from "../../domain/error.ts";
import { recordPrincipal } from "../../domain/identity/record-principal.ts";
import type { Desk } from "../desk.ts";
import { endAndRecord } from "../end-and-record.ts";
import { mayAdminister } from "../may-administer.ts";
import { readReason } from "../reason-body.ts";
import { consoleSession } from "../refused-record.ts";
import { idOf, type PersonRequest, type Route } from "../route.ts";
import { speaker } from "../speaker.ts";

/**
 * Blocks a principal: its next call is refused. What it holds ends with it, also when this is said a second time, so that a
 * block which was cut off half-way can be finished.
 */
export const block: Route = async (request, desk) => {
  const { account, reason } = readAccount(request, desk);
  const now = desk.now();
  if (!(await desk.access.look(account)).blocked) {
    await recordAccount("principal.blocked", account, reason, request, desk);
    await desk.access.block(account, { by: request.person.name, reason, at: now });
  }
  for (const grant of await desk.grants.of(account))
    if (isActive(grant, now)) await endAndRecord(grant, { ...request, reason: `principal blocked: ${reason}` }, desk);
  for (const row of await desk.approvals.openOf(account)) {
    if (!isWithdrawable(row, now)) continue;
    const word = {
      by: request.person.name,
      reason: `principal blocked: ${reason}`,
      at: now,
      ...speaker(request.event, request.person),
    };
    if (await desk.approvals.withdraw(row.id, word))
      await desk.tokens
        .wake(row)
        .catch((error: Error) => desk.log.error("a flow could not be woken", { id: row.id, error }));
  }
  return { blocked: true };
};

/** Lets a principal call again; what ended with the block stays ended. */
export const unblock: Route = async (request, desk) => {
  const { account, reason } = readAccount(request, desk);
  if ((await desk.access.look(account)).blocked) {
    await recordAccount("principal.unblocked", account, reason, request, desk);
    await desk.access.unblock(account, { by: request.person.name, reason, at: desk.now() });
  }
  return { blocked: false };
};

/** @throws CountersignError where the person may not, or the path or body says nothing that can be done */
function readAccount({ event, person }: PersonRequest, { settings, engine, masked }: Desk) {
  const account = idOf(event);
  if (!mayAdminister(person, account, engine))
    throw new CountersignError("forbidden", "no policy permits you to block or unblock principals");
  if (account === person.id) throw new CountersignError("forbidden", "you cannot block or unblock yourself");
  const names = settings.config.identity.issuers.map(({ name }) => name);
  if (!names.some((name) => account.startsWith(`${name}|`) && account.length > name.length + 1))
    throw new CountersignError(
      "bad_request",
      `a principal is "<issuer>|<subject>", and the issuers are ${names.join(", ")}`,
    );
  return { account, reason: masked(readReason(bodyOf(event), true)) };
}

/** The record comes first: an account that changed has left a trace. */
async function recordAccount(
  type: "principal.blocked" | "principal.unblocked",
  account: string,
  reason: string,
  { event, person }: PersonRequest,
  { writer, now }: Desk,
): Promise<void> {
  await writer.append({
    type,
    occurredAt: new Date(now()).toISOString(),
    session: consoleSession(person),
    target: account,
    outcome: type === "principal.blocked" ? "blocked" : "unblocked",
    reason,
    principal: recordPrincipal(person),
    source: sourceOf(event),
  });
}
