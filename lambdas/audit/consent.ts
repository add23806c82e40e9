import type { ApproverGroupConfig } from "../../lib/config/schema.ts";
import type { Desk } from "../approvals/desk.ts";
import { approvalOf } from "../approvals/find-approval.ts";
import { approvalFacts } from "../approvals/refused-record.ts";
import type { PersonRequest } from "../approvals/route.ts";
import type { Head, Settled } from "../aws/approvals-table.ts";
import type { Approval } from "../domain/approval/approval.ts";
import { asksAnew, standingDenial, statusAt } from "../domain/approval/state.ts";
import { CountersignError } from "../domain/error.ts";
import type { RecordApproval } from "../domain/evidence/record.ts";
import type { ContentKey } from "../domain/evidence/sealed-original.ts";
import { askDigest, boundText, EVIDENCE, revealRow, targetOf } from "./consent-row.ts";
import type { Open } from "./opener.ts";
import type { RevealAsk } from "./reveal-ask.ts";
import type { Asking } from "./reveal-entry.ts";

/** Another person's yes to a reveal: good for all of its pages, each once and in order. */
export interface Consent {
  /** As records name it; undefined where nobody has to agree. */
  readonly approval: RecordApproval | undefined;
  /** A page was shown. @param next where the next one begins; null: that was the last, and nothing is left of the yes */
  shown(next: string | null): Promise<void>;
  /** Nothing of this page was shown: it can be asked for again. */
  giveBack(): Promise<void>;
}

/** A reveal for which somebody has to agree. */
export interface Wish {
  readonly ask: RevealAsk;
  readonly request: PersonRequest;
  readonly asking: Asking;
  /** Opens what is sealed in an approval, with its record. */
  readonly open: Open;
  /** Throws where there is nothing to reveal: nobody is asked about that. */
  readonly mustBeThere: () => Promise<void>;
}

const NOT_NEEDED: Consent = { approval: undefined, shown: async () => undefined, giveBack: async () => undefined };
/** Milliseconds between two pages, after which what is left is lost. */
const NEXT_PAGE = 5 * 60_000;
/** Others may open or end the same approval between our read and our write. */
const TRIES = 4;

/**
 * Sees to it that somebody else has agreed to a reveal, where the configuration asks for that.
 *
 * @throws CountersignError `approval_pending` while nobody has; `approval_decided` where somebody said no, or where the yes is used
 */
export function consents(desk: Desk, contentKey: () => Promise<ContentKey>) {
  const { approverGroups, reveal } = desk.settings.config;
  const asked = reveal == null ? null : approverGroups.find(({ name }) => name === reveal.approval);
  if (asked === undefined)
    throw new CountersignError("policy_invalid", "the group that agrees to reveals is not configured");

  /** Asks somebody, which throws; returns when the same was asked for meanwhile. */
  const askAnew = async (wish: Wish, head: Head | undefined, group: ApproverGroupConfig) => {
    const { ask, request, asking } = wish;
    await wish.mustBeThere();
    await mayAsk(wish, desk);
    const call = desk.newId(desk.now());
    const callDigest = askDigest(request.person.id, ask, call);
    const plan = { group, attempt: (head?.attempt ?? 0) + 1, callDigest, call };
    const row = await revealRow(ask, request, asking, plan, desk, contentKey);
    if (await desk.approvals.open(row, head)) throw pending(row);
  };

  return async (wish: Wish): Promise<Consent> => {
    if (asked === null) return NOT_NEEDED;
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const { row, head } = await found(wish, desk);
      const consent = isFirst(wish.ask) ? await begun(row, wish, asked, desk) : await continued(row, wish, desk);
      if (consent !== undefined) return consent;
      await askAnew(wish, head, asked);
      await desk.sleep(Math.random() * 150);
    }
    throw new CountersignError("approval_conflict", "the same was asked for at the same moment; ask again");
  };
}

/** The first piece of a record may be asked for by its place. */
const isFirst = ({ kind, begin }: RevealAsk) => begin === undefined || (kind === "record" && begin === "0");

/** The approval of this very ask: the one that it names, or the newest. */
async function found({ ask, request: { person }, open }: Wish, desk: Desk) {
  if (ask.approval === undefined) {
    const head = ask.kind === "search" ? undefined : await desk.approvals.head(askDigest(person.id, ask, ""));
    return { head, row: head && (await desk.approvals.get(head.approvalId)) };
  }
  const row = await approvalOf(ask.approval, desk);
  if (row?.kind !== "reveal" || row.requesterId !== person.id)
    throw new CountersignError("approval_not_found", "you have asked for no reveal by that name");
  const same =
    row.sealedArguments === undefined
      ? row.callDigest === askDigest(person.id, ask, "")
      : ask.kind === "search" && boundText(ask) === (await open(row.sealedArguments, row.call));
  if (!same)
    throw new CountersignError("approval_decided", `approval ${row.id} is for another reveal: ask with the same words`);
  return { head: undefined, row };
}

/** Takes an approval that nobody has used; undefined where one has to be asked for. */
async function begun(
  row: Approval | undefined,
  { ask }: Wish,
  group: ApproverGroupConfig,
  desk: Desk,
): Promise<Consent | undefined> {
  if (row === undefined) return undefined;
  // The configuration asks others now.
  if (row.group !== group.name) {
    if (ask.approval !== undefined) throw over(row, `is of the group "${row.group}", which is not asked any more`);
    return undefined;
  }
  const now = desk.now();
  const status = statusAt(row, now);
  if (status === "PENDING") throw pending(row);
  if (status === "APPROVED") {
    const run = desk.newId(now);
    if (await desk.approvals.consume(row.id, run, now, now + NEXT_PAGE)) return runOf(row, run, 0, desk);
    throw over(row, "was used, or taken back, at this very moment");
  }
  if (status === "EXECUTING") throw over(row, "is in use: it is good for one reveal");
  if (status === "DENIED" && !asksAnew(row, { now, groups: desk.settings.config.approverGroups, collectForMs: 0 })) {
    const { by, reason } = row.decisions.at(-1) ?? {};
    throw over(row, `was denied by ${by}: ${reason || "no reason given"}`);
  }
  if (ask.approval !== undefined) throw over(row, `is ${status}: ask anew without naming it`);
  return undefined;
}

/** Goes on with the page that comes next, and with no other. */
async function continued(row: Approval | undefined, { ask }: Wish, desk: Desk): Promise<Consent> {
  const { executedBy, rounds, next } = row ?? {};
  const now = desk.now();
  // A page that is being shown, or of which nobody knows whether it was, is marked by the negative.
  const isShown = rounds !== undefined && rounds > 0;
  if (row !== undefined && executedBy !== undefined && isShown && statusAt(row, now) === "EXECUTING")
    if (next === ask.begin && (await desk.approvals.resume(row.id, executedBy, rounds, now + NEXT_PAGE)))
      return runOf(row, executedBy, rounds, desk);
  throw new CountersignError("approval_decided", "this is not the next page of a reveal that somebody agreed to");
}

/** The use of an approval for one page. @param rounds pages that were shown before: none in the run that took the approval */
function runOf(row: Approval, run: string, rounds: number, { approvals, now }: Desk): Consent {
  const settle = async (change: Settled) => {
    // Otherwise it stays as it is, and is never used again: it may have been.
    await approvals.settle(row.id, run, change, now());
  };
  const by = row.decisions.filter(({ verdict }) => verdict === "approve").map((decision) => decision.by);
  const later = (pages: number, next: string | undefined): Settled => ({
    status: "EXECUTING",
    rounds: pages,
    until: now() + NEXT_PAGE,
    ...(next === undefined ? {} : { next }),
  });
  return {
    approval: { ...approvalFacts(row, now()), verdict: "approve", by: by.join(", ") },
    shown: (next) =>
      settle(next === null ? { status: "COMPLETED", outcome: { kind: "too-large" } } : later(rounds + 1, next)),
    giveBack: () => settle(rounds === 0 ? { status: "APPROVED", until: row.until ?? 0 } : later(rounds, row.next)),
  };
}

/** Approvers are asked in measure, and not again for what they denied. */
async function mayAsk({ ask, request: { person } }: Wish, { approvals, settings, now }: Desk): Promise<void> {
  const { limits, approverGroups } = settings.config;
  const open = (await approvals.pendingOf(person.id)).filter((row) => statusAt(row, now()) === "PENDING").length;
  if (open >= limits.openApprovals)
    throw new CountersignError("too_many", `you have ${open} approvals pending, which is as many as one person may`);
  // Every search has the same target.
  if (ask.kind === "search") return;
  const denied = await approvals.deniedLike(person.id, EVIDENCE, targetOf(ask));
  const denial = standingDenial(denied, [], approverGroups, now());
  if (denial !== undefined)
    throw new CountersignError(
      "approval_decided",
      `approval ${denial.id} of the same was denied; the denial stands until ${new Date(denial.until).toISOString()}`,
    );
}

const over = (row: Approval, why: string) => new CountersignError("approval_decided", `approval ${row.id} ${why}`);

const pending = (row: Approval) =>
  new CountersignError(
    "approval_pending",
    `pending approval ${row.id}: somebody of the group "${row.escalatedTo ?? row.group}" must agree until ${new Date(row.deadline).toISOString()}`,
  );
