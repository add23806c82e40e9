import type { APIGatewayProxyEvent } from "aws-lambda";
import { monotonicFactory } from "ulid";
import { bodyOf, jsonApi } from "../api/api.ts";
import { callerOf, personOf, requireFresh } from "../api/person.ts";
import { approvalsTable } from "../aws/approvals-table.ts";
import { ledgerTable } from "../aws/ledger-table.ts";
import { taskTokens } from "../aws/task-tokens.ts";
import type { Approval } from "../domain/approval/approval.ts";
import { maySee, statusAfter, whyNotDecide } from "../domain/approval/decision.ts";
import { CountersignError } from "../domain/error.ts";
import { createWriter } from "../domain/evidence/writer.ts";
import { policyEngine } from "../domain/policy/engine.ts";
import type { Environment } from "../environment.ts";
import { operatorLog } from "../operator-log.ts";
import { loadSettings } from "../settings.ts";
import { type DecisionBody, readDecision } from "./decision-body.ts";
import { refusedRecord } from "./refused-record.ts";
import { summary, view } from "./view.ts";

/** The newest approvals that a list shows; an answer of a function ends at 6 MB. */
const MOST_LISTED = 1000;

/** The approvers' API: list, show, decide. */
export function createApprovals(environment: Environment) {
  const settings = loadSettings(environment);
  const { config } = settings;
  const engine = policyEngine(settings.policy);
  const approvals = approvalsTable(environment);
  const tokens = taskTokens(environment);
  const log = operatorLog("approvals");
  const now = Date.now;
  const ledger = ledgerTable(environment, config.retention.hotDays);
  const writer = createWriter({ ledger, component: "approvals", now, newId: monotonicFactory() });

  const find = async (id: string) => {
    const row = await approvals.get(id);
    if (row === undefined) throw notFound();
    return row;
  };

  /** Who decides. Whoever may not even try has tried all the same: that is recorded before it is refused. */
  const identify = async (event: APIGatewayProxyEvent, row: Approval) => {
    try {
      const approver = personOf(event, config, now());
      requireFresh(approver, config, now());
      return approver;
    } catch (error) {
      const who = callerOf(event);
      if (who && error instanceof Error) await writer.append(refusedRecord(event, who, row, error.message, now()));
      throw error;
    }
  };

  const decide = async (id: string, event: APIGatewayProxyEvent) => {
    const body: DecisionBody = readDecision(bodyOf(event));
    const row = await find(id);
    const approver = await identify(event, row);
    const whyNot = whyNotDecide(approver, row, engine, now());
    if (whyNot !== null) {
      // An attempt to decide what one must not is evidence in itself.
      await writer.append(refusedRecord(event, approver, row, whyNot, now()));
      throw new CountersignError("forbidden", whyNot);
    }
    const decision = {
      ...body,
      scope: { kind: "call" } as const,
      person: approver.person ?? approver.id,
      by: approver.name,
      at: now(),
    };
    const status = statusAfter(row, decision);
    if (!(await approvals.decide(row, decision, status, now() + config.limits.collectFor * 1000)))
      throw new CountersignError(
        "approval_conflict",
        "somebody else decided, or its time ran out, meanwhile; look again",
      );
    // The decision stands already: a machine that cannot be woken finds the row decided when it looks next.
    if (status !== "PENDING")
      await find(id)
        .then(tokens.wake)
        .catch((error: Error) => log.error("a flow could not be woken", { id, error }));
    return view(await find(id), now(), "you have decided");
  };

  return jsonApi("approvals", async (event) => {
    const id = event.pathParameters?.id;
    if (event.httpMethod === "POST" && id !== undefined) return decide(id, event);
    const person = personOf(event, config, now());
    if (id === undefined) {
      const seen = (await approvals.list()).filter((row) => maySee(person, row, engine));
      return { approvals: seen.slice(0, MOST_LISTED).map((row) => summary(row, now())) };
    }
    const row = await find(id);
    // To others it does not exist: what it holds is not theirs to read.
    if (!maySee(person, row, engine)) throw notFound();
    return view(row, now(), whyNotDecide(person, row, engine, now()));
  });
}

const notFound = () =>
  new CountersignError("approval_not_found", "there is no such approval; the link may be from an older mail");
