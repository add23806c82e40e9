import { monotonicFactory } from "ulid";
import { bodyOf, jsonApi } from "../api/api.ts";
import { personOf, requireFresh } from "../api/person.ts";
import { approvalsTable } from "../aws/approvals-table.ts";
import { ledgerTable } from "../aws/ledger-table.ts";
import { taskTokens } from "../aws/task-tokens.ts";
import { statusAfter, whyNotDecide } from "../domain/approval/decision.ts";
import { CountersignError } from "../domain/error.ts";
import { createWriter } from "../domain/evidence/writer.ts";
import { policyEngine } from "../domain/policy/engine.ts";
import type { Environment } from "../environment.ts";
import { loadSettings } from "../settings.ts";
import { type DecisionBody, readDecision } from "./decision-body.ts";
import { refusedRecord } from "./refused-record.ts";
import { view } from "./view.ts";

/** The approvers' API: list, show, decide. */
export function createApprovals(environment: Environment) {
  const settings = loadSettings(environment);
  const { config } = settings;
  const engine = policyEngine(settings.policy);
  const approvals = approvalsTable(environment);
  const tokens = taskTokens(environment);
  const now = Date.now;
  const ledger = ledgerTable(environment, config.retention.hotDays);
  const writer = createWriter({ ledger, component: "approvals", now, newId: monotonicFactory() });

  const find = async (id: string) => {
    const row = await approvals.get(id);
    if (row === undefined)
      throw new CountersignError("approval_not_found", "there is no such approval; the link may be from an older mail");
    return row;
  };

  const decide = async (id: string, event: Parameters<typeof personOf>[0]) => {
    const body: DecisionBody = readDecision(bodyOf(event));
    const approver = personOf(event, config, now());
    requireFresh(approver, config, now());
    const row = await find(id);
    const whyNot = whyNotDecide(approver, row, engine, now());
    if (whyNot !== null) {
      // An attempt to decide what one must not is evidence in itself.
      await writer.append(refusedRecord(event, approver, row, whyNot, now()));
      throw new CountersignError("forbidden", whyNot);
    }
    const decision = { ...body, person: approver.person ?? approver.id, by: approver.name, at: now() };
    const status = statusAfter(row, decision);
    if (!(await approvals.decide(row, decision, status, now() + config.limits.collectFor * 1000)))
      throw new CountersignError(
        "approval_conflict",
        "somebody else decided, or its time ran out, meanwhile; look again",
      );
    if (status !== "PENDING") await tokens.wake(await find(id));
    return view(await find(id), now(), "you have decided");
  };

  return jsonApi("approvals", async (event) => {
    const id = event.pathParameters?.id;
    if (event.httpMethod === "POST" && id !== undefined) return decide(id, event);
    const person = personOf(event, config, now());
    const show = (row: Awaited<ReturnType<typeof find>>) => view(row, now(), whyNotDecide(person, row, engine, now()));
    if (id !== undefined) return show(await find(id));
    return { approvals: (await approvals.list()).map(show) };
  });
}
