import type { DynamoDBRecord } from "aws-lambda";
import { monotonicFactory } from "ulid";
import { accessTable } from "../aws/access-table.ts";
import { approvalFlow } from "../aws/approval-flow.ts";
import { approvalsTable } from "../aws/approvals-table.ts";
import { grantsTable } from "../aws/grants-table.ts";
import type { Approval } from "../domain/approval/approval.ts";
import { recordsOfChange } from "../domain/approval/changes.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { ledgerWriter } from "../ledger-writer.ts";
import { METRIC } from "../metric-names.ts";
import { operatorMetrics } from "../operator-metrics.ts";
import { loadSettings } from "../settings.ts";
import { imagesOf } from "../streams/image.ts";
import { eachChange } from "../streams/stream-handler.ts";
import { derivedIds } from "./derived-ids.ts";
import { endTakenBack } from "./end-taken-back.ts";
import { flowInput } from "./flow-input.ts";

/** Follows the approvals table: records every change, makes grants that the decision left out, and starts the flow of every new approval. */
export function createRecorder(environment: Environment) {
  const { config } = loadSettings(environment);
  const topics = JSON.parse(requireEnv(environment, ENV.topics)) as Readonly<Record<string, string>>;
  const flow = approvalFlow(environment);
  const component = "recorder";
  const count = operatorMetrics(component);
  const { hotDays } = config.retention;
  const writer = ledgerWriter(environment, { component, hotDays, newId: monotonicFactory() });
  const granting = {
    approvals: approvalsTable(environment),
    grants: grantsTable(environment),
    access: accessTable(environment),
    writer,
    now: Date.now,
  };

  return eachChange(component, async (change) => {
    const { before, after } = imagesOf(change);
    if (after === undefined || !String(after.pk).startsWith("approval#")) return;
    const row = after as unknown as Approval;
    const seen = before as unknown as Approval | undefined;
    const at = timeOf(change);
    // Named by the change: delivered again, it is the same records, and the ledger knows what was told before.
    const nextId = derivedIds(change.eventID ?? "");
    for (const entry of recordsOfChange(seen, row, at)) {
      await writer.append(entry, {}, nextId(at));
      if (entry.type === "approval.expired") count(METRIC.approvalsUnanswered);
    }
    await endTakenBack(seen, row, granting);
    if (seen === undefined)
      await flow.start(flowInput(row, { pk: String(after.pk), sk: String(after.sk) }, config, topics));
  });
}

/** When a change happened, in milliseconds since the epoch; streams know it to the second. */
const timeOf = ({ dynamodb }: DynamoDBRecord): number =>
  Math.round((dynamodb?.ApproximateCreationDateTime ?? Date.now() / 1000) * 1000);
