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
] as const;

const id = z.string().check(z.regex(APPROVAL_ID));
const status = z.enum(STATUSES);
const kind = z.enum(["call", "access", "review", "reveal"]);
const principalKind = z.enum(["user", "workload"]);
const text = z.nullable(z.string());

const short = {
  id,
  kind,
  status,
  /** How many times the same call has asked, this one included. */
  attempt: z.number(),
  createdAt: moment,
  deadline: moment,
  group: z.string(),
  requesterName: z.string(),
  requesterKind: principalKind,
  server: z.string(),
  method: z.string(),
};

/** One line of the inbox. */
export const summarySchema = z.object({ ...short, requesterId: z.string(), tool: z.string() });

/** A page of the inbox. The cursor is null after the last one. */
export const pageSchema = z.object({ approvals: z.array(summarySchema), cursor: text });

const past = { id, kind, status, at: moment, by: text, reason: text };

/** One approval, as `GET /approvals/{id}` answers (docs/console.md). */
export const approvalSchema = z.object({
  ...short,
  requester: z.object({
    kind: principalKind,
    name: z.string(),
    id: z.string(),
    client: text,
    /** Who started a workload, where its token says so. */
    initiator: text,
  }),
  agent: z.object({ name: text, version: text }),
  tool: z.object({ name: z.string(), description: text }),
  /** Masked JSON text. */
  arguments: z.string(),
  risks: z.array(
    z.object({
      risk: z.string(),
      /** Empty: found in the name of the tool, or somewhere in the call. */
      pointer: z.string(),
      match: z.string(),
      /** Whether more matched there than `match` says. */
      cut: z._default(z.boolean(), false),
    }),
  ),
  policies: z.array(z.object({ id: z.string(), reason: text })),
  quorum: z.number(),
  approvals: z.number(),
  decisions: z.array(
    z.object({ by: z.string(), verdict: z.enum(["approve", "deny"]), reason: z.string(), at: moment }),
  ),
  earlier: z.array(z.object(past)),
  similar: z.array(z.object({ ...past, requesterName: z.string() })),
  mayDecide: z.boolean(),
  whyNot: text,
  mayWithdraw: z.boolean(),
  reasonRequired: z.boolean(),
  /** The masked arguments must be revealed before this person can approve. */
  revealNeeded: z.boolean(),
  /** They can be revealed, also a second time. */
  mayReveal: z.boolean(),
  scopes: z.object({ session: z.boolean(), maxMinutes: z.nullable(z.number()) }),
  access: z.nullable(
    z.object({
      tools: z.array(z.string()),
      minutes: z.number(),
      constraint: z.array(constraintSchema),
      /** Why the requester asks. */
      reason: z.string(),
    }),
  ),
  /** Why the requester did not wait for consent; null for everything that waited. */
  breakGlass: text,
  withdrawn: z.nullable(z.object({ by: z.string(), reason: z.string(), at: moment })),
});

export type Status = (typeof STATUSES)[number];
export type Verdict = "approve" | "deny";
export type ApprovalKind = z.infer<typeof kind>;
export type Summary = z.infer<typeof summarySchema>;
/** What the API sends, before it is read. */
export type ApprovalAnswer = z.input<typeof approvalSchema>;
export type SummaryAnswer = z.input<typeof summarySchema>;
