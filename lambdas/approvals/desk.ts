import { setTimeout as sleep } from "node:timers/promises";
import { monotonicFactory } from "ulid";
import type { Settings } from "../../lib/config/settings.ts";
import { type AccessTable, accessTable } from "../aws/access-table.ts";
import { type ApprovalsTable, approvalsTable } from "../aws/approvals-table.ts";
import { type GrantsTable, grantsTable } from "../aws/grants-table.ts";
import { type HoldsTable, holdsTable } from "../aws/holds-table.ts";
import { type PinsTable, pinsTable } from "../aws/pins-table.ts";
import { type TaskTokens, taskTokens } from "../aws/task-tokens.ts";
import type { Judgement } from "../domain/approval/decision.ts";
import type { Writer } from "../domain/evidence/writer.ts";
import { type RefusalMeter, refusalMeter } from "../domain/identity/refusal-meter.ts";
import { compileMasking, maskText } from "../domain/masking/index.ts";
import { type PolicyEngine, policyEngine } from "../domain/policy/engine.ts";
import { type CompiledRisks, compileRisks } from "../domain/risk/index.ts";
import type { Environment } from "../environment.ts";
import { ledgerWriter } from "../ledger-writer.ts";
import { operatorLog } from "../operator-log.ts";
import { loadSettings } from "../settings.ts";

/** Everything that the approvers' API works with: made once for an environment, handed to each route. */
export interface Desk {
  readonly settings: Settings;
  readonly engine: PolicyEngine;
  readonly risks: CompiledRisks;
  readonly approvals: ApprovalsTable;
  readonly grants: GrantsTable;
  readonly access: AccessTable;
  readonly pins: PinsTable;
  readonly holds: HoldsTable;
  readonly tokens: TaskTokens;
  readonly writer: Writer;
  /** Bounds what refusals leave in the ledger. */
  readonly refusals: RefusalMeter;
  /** What people write is masked like what servers say: a reason is shown to others, and stays in the records. */
  readonly masked: (text: string) => string;
  readonly log: ReturnType<typeof operatorLog>;
  /**
   * Opens the sealed arguments of an approval. Null where this function cannot: the forensic key opens for the audit
   * function alone.
   */
  readonly openSealed: ((jwe: string, call: string) => Promise<string>) | null;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly newId: (time: number) => string;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/**
 * @param component which function works at the desk
 * @param openSealed where that function may open seals
 */
export function furnishDesk(
  environment: Environment,
  component: "approvals" | "audit" | "leaver",
  openSealed: Desk["openSealed"] = null,
): Desk {
  const settings = loadSettings(environment);
  const masking = compileMasking(settings.masking);
  const now = Date.now;
  const newId = monotonicFactory();
  const { hotDays } = settings.config.retention;
  return {
    settings,
    engine: policyEngine(settings.policy),
    risks: compileRisks(settings.risks),
    approvals: approvalsTable(environment),
    grants: grantsTable(environment),
    access: accessTable(environment),
    pins: pinsTable(environment),
    holds: holdsTable(environment),
    tokens: taskTokens(environment),
    writer: ledgerWriter(environment, { component, hotDays, newId, now }),
    refusals: refusalMeter(),
    // No tag is kept of what is masked here, so there is nothing to key.
    masked: (text) => maskText(text, masking, () => "").text,
    log: operatorLog(component),
    openSealed,
    now,
    newId,
    sleep: (milliseconds) => sleep(milliseconds),
  };
}

/** What decisions are judged by at this moment. */
export const judgement = ({ engine, settings, now }: Desk): Judgement => ({
  engine,
  groups: settings.config.approverGroups,
  now: now(),
});
