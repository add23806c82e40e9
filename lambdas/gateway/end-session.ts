import type { Call } from "./call.ts";
import { recordGrant } from "./covering-grant.ts";
import { entryOf } from "./entries.ts";
import type { House } from "./house.ts";

/**
 * Ends the grants that were for a session which its client has ended, and sees to it that a yes to come makes none. A grant that is left
 * ends by its time.
 */
export async function endSessionGrants(call: Call, house: House): Promise<void> {
  const { principal } = call.caller;
  for (const row of await house.approvals.openOf(principal.id))
    if (row.session === call.session && row.scopes.session) await house.approvals.endSession(row.id);
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
