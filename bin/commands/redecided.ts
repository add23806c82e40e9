import type { Vault } from "../../lambdas/aws/vault.ts";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import { hintedLabels, type Judged, judge, judgeWithTool } from "../../lambdas/domain/policy/judge.ts";
import { TOOL_CHANGED } from "../../lambdas/domain/policy/tool-standing.ts";
import type { WorkingCopy } from "../working-copy.ts";
import { recordedCall } from "./recorded-call.ts";

/** A recorded call, as the working copy decides it. */
export interface Redecided {
  readonly now: Judged;
  /** Whether a mask lies over something that was decided on. */
  readonly masked: boolean;
}

/**
 * Decides a recorded call again. What the tool's definition said then is no part of the message: the record's labels tell it.
 *
 * @throws Error when the record does not hold all that a decision looks at
 */
export async function redecided(record: LedgerRecord, archive: Vault, copy: WorkingCopy): Promise<Redecided> {
  const { message, surroundings, masked } = await recordedCall(record, archive);
  const bare = judge(message, surroundings, copy);
  const earned = new Set(record.risks);
  const standing = {
    changed: earned.has(TOOL_CHANGED),
    saysDestructive: hintedLabels(message, surroundings.server, bare, copy).some((label) => earned.has(label)),
  };
  const toldMore = standing.changed || standing.saysDestructive;
  return { now: toldMore ? judgeWithTool(message, surroundings, standing, copy) : bare, masked };
}
