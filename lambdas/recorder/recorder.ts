import { monotonicFactory } from "ulid";
import { approvalFlow } from "../aws/approval-flow.ts";
import { ledgerTable } from "../aws/ledger-table.ts";
import type { Approval } from "../domain/approval/approval.ts";
import { recordsOfChange } from "../domain/approval/changes.ts";
import { createWriter } from "../domain/evidence/writer.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { loadSettings } from "../settings.ts";
import { imagesOf } from "../streams/image.ts";
import { eachChange } from "../streams/stream-handler.ts";
import { flowInput } from "./flow-input.ts";

/** Follows the approvals table: records every change, and starts the flow of every new approval. */
export function createRecorder(environment: Environment) {
  const { config } = loadSettings(environment);
  const topics = JSON.parse(requireEnv(environment, ENV.topics)) as Readonly<Record<string, string>>;
  const flow = approvalFlow(environment);
  const now = Date.now;
  const ledger = ledgerTable(environment, config.retention.hotDays);
  const writer = createWriter({ ledger, component: "recorder", now, newId: monotonicFactory() });

  return eachChange("recorder", async (change) => {
    const { before, after } = imagesOf(change);
    if (after === undefined || !String(after.pk).startsWith("approval#")) return;
    const row = after as unknown as Approval;
    for (const entry of recordsOfChange(before as unknown as Approval | undefined, row, now()))
      await writer.append(entry);
    if (before === undefined)
      await flow.start(flowInput(row, { pk: String(after.pk), sk: String(after.sk) }, config, topics));
  });
}
