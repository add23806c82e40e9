import type { Call } from "./call.ts";
import { recordGrant } from "./covering-grant.ts";
import { entryOf } from "./entries.ts";
import type { House } from "./house.ts";

/**
 * Ends the grants that were for a session which its client has ended, and sees to it that a yes to come makes none. A grant that is left
 * ends by its time.
 */
export async function endSessionGrants(call: Call, house: House): Promise<void> {
  const [noted, ended] = await Promise.allSettled([noteEnd(call, house), endGrants(call, house)]);
  for (const part of [ended, noted]) if (part.status === "rejected") throw part.reason;
}

/** The index that finds them is a moment behind: a yes to what was asked for in the session's last second ends by its time. */
async function noteEnd({ caller, session }: Call, { approvals }: House): Promise<void> {
  for (const row of await approvals.openOf(caller.principal.id))
    if (row.session === session && row.scopes.session) await approvals.endSession(row.id);
}

async function endGrants(call: Call, house: House): Promise<void> {
  const { principal } = call.caller;
  const mine = (await house.grants.of(principal.id)).filter(
    (grant) => grant.status === "ACTIVE" && grant.session === call.session,
  );
  for (const grant of mine) {
    const step = { type: "grant.ended", outcome: "ended", reason: "its session ended" } as const;
    await house.writer.append({ ...entryOf(call, step, house), grant: recordGrant(grant) });
    await house.grants.end(grant, principal.name, "its session ended", house.now());
    const word = { by: principal.name, reason: "its session ended", at: house.now() };
    await house.approvals.withdraw(grant.approval, word);
  }
}
