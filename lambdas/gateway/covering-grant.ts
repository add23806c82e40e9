import { covers, type Grant } from "../domain/approval/grant.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";

/** The grant that covers a call which policy alone does not allow; the one that ends first, so that longer ones are kept. */
export async function coveringGrant(call: Call, group: string, house: House): Promise<Grant | undefined> {
  const { principal } = call.caller;
  const asked = {
    principal: principal.id,
    client: principal.client,
    server: call.server,
    method: call.message.method,
    tool: call.target,
    arguments: call.arguments,
    risks: [...new Set(call.risks.map(({ risk }) => risk))],
    group,
    session: call.session,
    toolDigest: call.toolDigest ?? "",
  };
  const now = house.now();
  return (await house.grants.of(principal.id))
    .filter((grant) => covers(grant, asked, now))
    .sort((a, b) => a.endsAt - b.endsAt)[0];
}

/** A grant as the records of the calls under it name it. */
export const recordGrant = ({ id, approval, endsAt }: Grant) => ({
  id,
  approval,
  expiresAt: new Date(endsAt).toISOString(),
});
