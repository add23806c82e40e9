import type { Approval } from "../domain/approval/approval.ts";
import { maySee } from "../domain/approval/decision.ts";
import { CountersignError } from "../domain/error.ts";
import type { Principal } from "../domain/identity/principal.ts";
import type { Desk } from "./desk.ts";

const ID = /^[a-z2-7]{26}$/;

/** The approval of that id; undefined for what is no id of one. */
export const approvalOf = async (id: string, { approvals }: Desk): Promise<Approval | undefined> =>
  ID.test(id) ? approvals.get(id) : undefined;

/** @throws CountersignError `approval_not_found` */
export async function findApproval(id: string, desk: Desk): Promise<Approval> {
  const row = await approvalOf(id, desk);
  if (row === undefined) throw notFound();
  return row;
}

/**
 * An approval that a person may see. To others it does not exist: what it holds is not theirs to read.
 * @throws CountersignError `approval_not_found`
 */
export async function findVisible(id: string, person: Principal, desk: Desk): Promise<Approval> {
  const row = await findApproval(id, desk);
  if (!maySee(person, row, desk.engine)) throw notFound();
  return row;
}

const notFound = () =>
  new CountersignError("approval_not_found", "there is no such approval; the link may be from an older mail");
