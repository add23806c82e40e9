import * as z from "zod/mini";
import { APPROVAL_ID } from "../app/place.ts";
import { constraintSchema } from "./constraint.ts";
import { moment } from "./time.ts";

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
  "NOT_SENT",
] as const;

const id = z.string().check(z.regex(APPROVAL_ID));
const status = z.enum(STATUSES);
const kind = z.enum(["call", "access", "review"]);
const principalKind = z.enum(["user", "workload"]);
const text = z.nullish(z.string());
const flag = z.optional(z.boolean());
const tool = z.union([z.string(), z.object({ name: z.string(), description: text })]);
const requester = z.object({
  kind: principalKind,
  name: z.string(),
  id: z.string(),
  client: text,
  clientId: text,
  /** Who started a workload, where its token says so. */
  initiator: text,
});

const short = {
  id,
  status,
  kind: z.optional(kind),
  createdAt: moment,
  deadline: moment,
  server: z.string(),
  tool,
  method: z.optional(z.string()),
};

export const summarySchema = z.object({
  ...short,
  requester: z.optional(requester),
  requesterName: z.optional(z.string()),
  requesterKind: z.optional(principalKind),
});

export const pageSchema = z.object({ approvals: z.array(summarySchema), cursor: z.optional(z.nullable(z.string())) });

const past = z.object({ id, status, at: moment, by: text, requesterName: text, reason: text });

export const approvalSchema = z.object({
  ...short,
  requester,
  group: z.optional(z.string()),
  /** How many times the same call has asked, this one included. */
  attempt: z.optional(z.number()),
  quorum: z.number(),
  approvals: z.number(),
  agent: z.nullish(z.object({ name: text, version: text })),
  /** Masked JSON text. */
  arguments: z.string(),
  risks: z.array(z.object({ risk: z.string(), pointer: z.string(), match: z.string() })),
  policies: z.array(z.union([z.string(), z.object({ id: z.string(), reason: text })])),
  decisions: z.array(
    z.object({ by: z.string(), verdict: z.enum(["approve", "deny"]), reason: z.string(), at: moment }),
  ),
  earlier: z.optional(z.array(past)),
  similar: z.optional(z.array(past)),
  /** Why the requester did not wait for consent; null or absent for everything that waited. */
  breakGlass: text,
  withdrawn: z.nullish(z.object({ by: z.string(), reason: text, at: moment })),
  mayDecide: flag,
  /** What `mayDecide` was called before. */
  canDecide: flag,
  whyNot: text,
  mayWithdraw: flag,
  reasonRequired: flag,
  revealNeeded: flag,
  scopes: z.nullish(z.object({ session: z.boolean(), maxMinutes: z.nullable(z.number()) })),
  access: z.nullish(
    z.object({
      tools: z.array(z.string()),
      minutes: z.number(),
      constraint: z.array(constraintSchema),
      /** Why the requester asks. */
      reason: text,
    }),
  ),
});

export type Status = (typeof STATUSES)[number];
export type Verdict = "approve" | "deny";
export type ApprovalKind = z.infer<typeof kind>;
/** What the API sends, before it is read. */
export type ApprovalAnswer = z.input<typeof approvalSchema>;
export type SummaryAnswer = z.input<typeof summarySchema>;
