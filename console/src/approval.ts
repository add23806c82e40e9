import * as z from "zod/mini";
import { APPROVAL_ID } from "./place.ts";

// Compiling checks needs `eval`, which the content security policy forbids.
z.config({ jitless: true });

/** Where an approval can stand; the words are those of the API. */
export const STATUSES = [
  "PENDING",
  "APPROVED",
  "DENIED",
  "EXPIRED",
  "WITHDRAWN",
  "EXECUTING",
  "COMPLETED",
  "UNKNOWN",
] as const;

/** Times are milliseconds since the epoch. */
const short = {
  id: z.string().check(z.regex(APPROVAL_ID)),
  status: z.enum(STATUSES),
  createdAt: z.number(),
  deadline: z.number(),
  group: z.string(),
  requester: z.object({
    kind: z.enum(["user", "workload"]),
    name: z.string(),
    id: z.string(),
    clientId: z.optional(z.nullable(z.string())),
    /** Who started a workload, where its token says so. */
    initiator: z.optional(z.nullable(z.string())),
  }),
  server: z.string(),
  /** What the method acts on: a tool, or the name or address of something else. */
  tool: z.string(),
  method: z.string(),
};

export const approvalSchema = z.object({
  ...short,
  /** How many times the same call has asked, this one included. */
  attempt: z.optional(z.number()),
  quorum: z.number(),
  approvals: z.number(),
  /** Masked JSON text. */
  arguments: z.string(),
  risks: z.array(z.object({ risk: z.string(), pointer: z.string(), match: z.string() })),
  policies: z.array(z.string()),
  decisions: z.array(
    z.object({ by: z.string(), verdict: z.enum(["approve", "deny"]), reason: z.string(), at: z.number() }),
  ),
  canDecide: z.boolean(),
  whyNot: z.optional(z.nullable(z.string())),
});

export const approvalListSchema = z.object({ approvals: z.array(z.object(short)) });

/** One approval, as `GET /approvals/<id>` answers. */
export type Approval = z.infer<typeof approvalSchema>;
/** One line of the list. */
export type ApprovalSummary = z.infer<typeof approvalListSchema>["approvals"][number];
export type Status = (typeof STATUSES)[number];
export type Verdict = "approve" | "deny";
