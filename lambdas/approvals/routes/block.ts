import { bodyOf } from "../../api/api.ts";
import { CountersignError } from "../../domain/error.ts";
import { actorOf } from "../actor.ts";
import { blockPrincipal, recordAccount, requireAccount } from "../block-principal.ts";
import type { Desk } from "../desk.ts";
import { mayAdminister } from "../may-administer.ts";
import { readReason } from "../reason-body.ts";
import { idOf, type PersonRequest, type Route } from "../route.ts";

/** Blocks a principal, as an administrator. */
export const block: Route = async (request, desk) => {
  const { account, reason } = readAccount(request, desk);
  await blockPrincipal(account, reason, actorOf(request.event, request.person), desk);
  return { blocked: true };
};

/** Lets a principal call again; what ended with the block stays ended. */
export const unblock: Route = async (request, desk) => {
  const { account, reason } = readAccount(request, desk);
  if ((await desk.access.look(account)).blocked) {
    await recordAccount("principal.unblocked", account, reason, actorOf(request.event, request.person), desk);
    await desk.access.unblock(account, { by: request.person.name, reason, at: desk.now() });
  }
  return { blocked: false };
};

/** @throws CountersignError where the person may not, or the path or body says nothing that can be done */
function readAccount({ event, person }: PersonRequest, desk: Desk) {
  const account = idOf(event);
  if (!mayAdminister(person, account, desk.engine))
    throw new CountersignError("forbidden", "no policy permits you to block or unblock principals");
  if (account === person.id) throw new CountersignError("forbidden", "you cannot block or unblock yourself");
  requireAccount(account, desk);
  return { account, reason: desk.masked(readReason(bodyOf(event), true)) };
}
