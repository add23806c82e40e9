import type { Settings } from "../../lib/config/settings.ts";
import type { AccessTable } from "../aws/access-table.ts";
import type { ApprovalsTable } from "../aws/approvals-table.ts";
import type { GrantsTable } from "../aws/grants-table.ts";
import type { HeldPlaces } from "../aws/held-places.ts";
import type { BodyStore } from "../domain/evidence/body.ts";
import type { ContentKey } from "../domain/evidence/sealed-original.ts";
import type { Writer } from "../domain/evidence/writer.ts";
import type { MaskingRules } from "../domain/masking/index.ts";
import type { PolicyEngine } from "../domain/policy/engine.ts";
import type { CompiledRisks } from "../domain/risk/index.ts";
import type { Seals } from "../domain/seal/seal.ts";
import type { Upstream } from "../domain/upstream/answer.ts";
import type { Tell } from "../operator-failures.ts";
import type { operatorLog } from "../operator-log.ts";
import type { Count } from "../operator-metrics.ts";
import type { Pins } from "./pins.ts";

/** Everything a call meets on its way: made once for an environment, handed to each step. */
export interface House {
  readonly settings: Settings;
  readonly engine: PolicyEngine;
  readonly risks: CompiledRisks;
  /** The masking rules of a server, by its name. */
  readonly masking: (server: string) => MaskingRules;
  readonly writer: Writer;
  readonly access: AccessTable;
  /** Where calls of all principals are held. */
  readonly places: HeldPlaces;
  readonly approvals: ApprovalsTable;
  readonly grants: GrantsTable;
  readonly pins: Pins;
  /** How many confirmed addresses a group has; undefined when that is not known. */
  readonly approversOf: (group: string) => Promise<number | undefined>;
  readonly upstream: Upstream;
  readonly bodies: BodyStore;
  readonly contentKey: () => Promise<ContentKey>;
  readonly seals: () => Promise<Seals>;
  readonly keyedHash: () => Promise<(value: string) => string>;
  readonly log: ReturnType<typeof operatorLog>;
  /** Tells operators of a failure of ours. */
  readonly tell: Tell;
  /** For operators; decides nothing. */
  readonly count: Count;
  /** How long a server took until it began to answer, in milliseconds; for operators. */
  readonly took: (server: string, milliseconds: number) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly newId: (time: number) => string;
  readonly sleep: (milliseconds: number) => Promise<void>;
}
