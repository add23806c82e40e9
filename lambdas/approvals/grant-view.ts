import { mayApproveLike } from "../domain/approval/decision.ts";
import { type Grant, isActive } from "../domain/approval/grant.ts";
import type { Principal } from "../domain/identity/principal.ts";
import type { PolicyEngine } from "../domain/policy/engine.ts";
import { mayAdminister } from "./may-administer.ts";
import { time } from "./view.ts";

/** A grant as the console shows it to a person. One that ended by time has nobody who ended it. */
export function grantView(grant: Grant, person: Principal, engine: PolicyEngine, now: number) {
  const active = isActive(grant, now);
  return {
    id: grant.id,
    principal: grant.principal,
    principalName: grant.principalName,
    server: grant.server,
    tools: grant.tools,
    constraint: grant.constraint,
    sameArguments: grant.argumentsDigest !== null,
    session: grant.session !== null,
    expiresAt: time(grant.endsAt),
    uses: grant.uses,
    usesLeft: grant.usesLeft,
    createdAt: time(grant.createdAt),
    lastUsedAt: grant.lastUsedAt === null ? null : time(grant.lastUsedAt),
    approval: grant.approval,
    approvedBy: grant.approvedBy,
    reason: grant.reason,
    status: active ? "ACTIVE" : "ENDED",
    endedBy: grant.endedBy,
    endedAt: active ? null : time(grant.endedAt ?? Math.min(grant.endsAt, now)),
    endReason: grant.endReason,
    mayEnd: active && mayManage(person, grant, engine),
  };
}

/** Whether a grant concerns a person: it is their own, they might have approved it, or they administer its principal. */
export const mayManage = (person: Principal, grant: Grant, engine: PolicyEngine): boolean =>
  person.id === grant.principal ||
  mayAdminister(person, grant.principal, engine) ||
  mayApproveLike(
    person,
    {
      id: grant.approval,
      groups: [grant.group],
      server: grant.server,
      tools: grant.tools,
      requester: grant.principal,
      risks: grant.risks ?? [],
      about: "access",
    },
    engine,
  );
