import { bodyOf } from "../../api/api.ts";
import { enterAskingRoom } from "../../aws/asking-room.ts";
import type { Approval } from "../../domain/approval/approval.ts";
import { askAhead } from "../../domain/approval/ask-ahead.ts";
import { approvalId } from "../../domain/approval/identity.ts";
import { asksAnew, standingDenial, statusAt } from "../../domain/approval/state.ts";
import { baseUrl } from "../../domain/base-url.ts";
import { CountersignError } from "../../domain/error.ts";
import { digest } from "../../domain/json/canonical.ts";
import type { Json } from "../../domain/json/json.ts";
import { type AccessBody, readAccess } from "../access-body.ts";
import type { Desk } from "../desk.ts";
import type { PersonRequest, Route } from "../route.ts";

/** Others may open the same request between our read and our write. */
const TRIES = 4;

/** Asks ahead for access to tools. The same request again, while it waits or its denial stands, is the same approval. */
export const requestAccess: Route = async (request, desk) => {
  const body = readAccess(bodyOf(request.event));
  const asked = policyOn(body, request, desk);
  const group = desk.settings.config.approverGroups.find(({ name }) => name === asked.group);
  if (group === undefined)
    throw new CountersignError("policy_invalid", `the approver group ${asked.group} is not configured`);
  const { reason: _, ...bound } = body;
  const callDigest = digest({ kind: "access", principal: request.person.id, ...bound } as unknown as Json);

  const row = rowOf(request, body, { ...asked, quorum: group.quorum, lasts: group.expiresAfter * 1000 }, desk);
  let entered = false;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const head = await desk.approvals.head(callDigest);
    const current = head && (await desk.approvals.get(head.approvalId));
    const now = desk.now();
    if (current && statusAt(current, now) === "PENDING") return { approval: current.id };
    if (
      current?.status === "DENIED" &&
      !asksAnew(current, { now, groups: desk.settings.config.approverGroups, collectForMs: 0 })
    )
      throw new CountersignError(
        "approval_decided",
        `approval ${current.id} of this very request was denied, and the denial still stands; ask its approvers`,
      );
    await checkDenials(request, body, asked.risks, desk);
    const number = (head?.attempt ?? 0) + 1;
    if (!entered) await checkOpen(row, desk);
    entered = true;
    const opened: Approval = { ...row, id: approvalId(callDigest, number), callDigest, attempt: number };
    if (await desk.approvals.open(opened, head)) return { approval: opened.id };
    await desk.sleep(Math.random() * 150);
  }
  throw new CountersignError("approval_conflict", "the same was asked for at the same moment; look at your requests");
};

function policyOn(body: AccessBody, { person }: PersonRequest, { settings, engine, risks, now }: Desk) {
  const names = settings.config.servers.map(({ name }) => name);
  if (!names.includes(body.server))
    throw new CountersignError("bad_request", `there is no server "${body.server.slice(0, 32)}"`);
  const asked = askAhead(person, body.server, body.tools, { engine, risks, now: now() });
  if (asked.kind === "refused") throw new CountersignError("forbidden", asked.why);
  if (body.minutes > asked.maxMinutes)
    throw new CountersignError("bad_request", `policy allows at most ${asked.maxMinutes} minutes for these tools`);
  return asked;
}

/** What was denied as a call, or with other minutes and limits, is denied here too for as long as the denial stands. */
async function checkDenials(
  { person }: PersonRequest,
  { server, tools }: AccessBody,
  risks: readonly string[],
  { approvals, settings, now }: Desk,
): Promise<void> {
  const { approverGroups } = settings.config;
  for (const tool of tools) {
    const denial = standingDenial(await approvals.deniedLike(person.id, server, tool), risks, approverGroups, now());
    if (denial !== undefined)
      throw new CountersignError(
        "approval_decided",
        `approval ${denial.id} of the same tool and risk was denied; the denial stands until ${new Date(denial.until).toISOString()}`,
      );
  }
}

/** Approvers are asked in measure, whatever it is that is asked for. */
async function checkOpen({ requesterId, call }: Pick<Approval, "requesterId" | "call">, desk: Desk): Promise<void> {
  const { openApprovals: most } = desk.settings.config.limits;
  const open = await enterAskingRoom(desk, { principal: requesterId, kind: "call", call, most }, desk.now());
  if (open !== undefined)
    throw new CountersignError("too_many", `you have ${open} approvals pending, which is as many as one caller may`);
}

type Asked = ReturnType<typeof policyOn> & { readonly quorum: number; readonly lasts: number };

function rowOf(
  { event, person }: PersonRequest,
  { server, tools, minutes, reason, constraint }: AccessBody,
  asked: Asked,
  { settings, now, newId, masked }: Desk,
): Omit<Approval, "id" | "callDigest" | "attempt"> {
  const createdAt = now();
  const call = newId(createdAt);
  return {
    kind: "access",
    status: "PENDING",
    createdAt,
    deadline: createdAt + asked.lasts,
    group: asked.group,
    quorum: asked.quorum,
    requester: person,
    requesterId: person.id,
    agent: null,
    baseUrl: baseUrl(settings.config.publicUrl, event.requestContext),
    session: `access-${call}`,
    call,
    server,
    method: "tools/call",
    target: tools.join(", "),
    description: null,
    toolDigest: "",
    arguments: "{}",
    revealNeeded: false,
    revealedTo: [],
    scopes: { session: false, maxMinutes: minutes },
    access: { tools, minutes, constraint, reason: masked(reason) },
    breakGlass: null,
    risks: asked.risks.map((risk) => ({ risk, pointer: "", match: "" })),
    policies: asked.policies,
    digests: settings.digests,
    decisions: [],
  };
}
