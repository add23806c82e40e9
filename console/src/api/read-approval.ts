import type * as z from "zod/mini";
import { renderedText } from "../approval/rendered.ts";
import { approvalSchema, pageSchema, type summarySchema } from "./approval.ts";

/** One approval, as `GET /approvals/<id>` answers, with what an older API leaves out filled in. */
export type Approval = ReturnType<typeof readApproval>;
/** One line of the inbox. */
export type Summary = ReturnType<typeof readSummary>;
export type PastDecision = Approval["similar"][number];

/** @throws ZodError when the answer is not what the API promises */
export function readApproval(answer: unknown) {
  const read = approvalSchema.parse(answer);
  const { requester, tool } = read;
  return {
    ...read,
    ...toolOf(tool),
    kind: read.kind ?? "call",
    method: read.method ?? "tools/call",
    attempt: read.attempt ?? 1,
    requester: {
      kind: requester.kind,
      name: requester.name,
      id: requester.id,
      client: requester.client ?? requester.clientId ?? null,
      initiator: requester.initiator ?? null,
    },
    agent: { name: read.agent?.name ?? null, version: read.agent?.version ?? null },
    policies: read.policies.map((policy) =>
      typeof policy === "string" ? { id: policy, reason: null } : { id: policy.id, reason: policy.reason ?? null },
    ),
    earlier: read.earlier ?? [],
    similar: read.similar ?? [],
    mayDecide: read.mayDecide ?? read.canDecide ?? false,
    whyNot: read.whyNot ?? null,
    mayWithdraw: read.mayWithdraw ?? false,
    reasonRequired: read.reasonRequired ?? true,
    revealNeeded: read.revealNeeded ?? false,
    scopes: read.scopes ?? null,
    access: read.access ?? null,
    breakGlass: read.breakGlass ?? null,
    withdrawn: read.withdrawn ?? null,
    /** What the approver reads, as canonical JSON; a decision carries its digest. */
    rendered: renderedText(answer as object),
  };
}

/** A page of the inbox. The cursor is undefined where the API does not page, and null after the last page. */
export function readPage(answer: unknown) {
  const { approvals, cursor } = pageSchema.parse(answer);
  return { approvals: approvals.map(readSummary), cursor };
}

function readSummary(read: z.infer<typeof summarySchema>) {
  return {
    id: read.id,
    status: read.status,
    kind: read.kind ?? ("call" as const),
    createdAt: read.createdAt,
    deadline: read.deadline,
    server: read.server,
    tool: toolOf(read.tool).tool || (read.kind === "access" ? "" : (read.method ?? "")),
    requesterName: read.requesterName ?? read.requester?.name ?? "",
    requesterKind: read.requesterKind ?? read.requester?.kind ?? ("user" as const),
  };
}

const toolOf = (tool: z.infer<typeof approvalSchema>["tool"]) =>
  typeof tool === "string" ? { tool, description: null } : { tool: tool.name, description: tool.description ?? null };
