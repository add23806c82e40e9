import type { Config } from "../../lib/config/schema.ts";
import type { Writer } from "../domain/evidence/writer.ts";
import type { Environment } from "../environment.ts";
import type { operatorLog } from "../operator-log.ts";
import type { Count, Gauge } from "../operator-metrics.ts";
import type { SweeperTimes } from "./sweeper.ts";

/** What the parts of a sweep are made with. */
export interface House {
  readonly environment: Environment;
  readonly config: Config;
  /** Topic of each approver group. */
  readonly topicArns: Readonly<Record<string, string>>;
  readonly times: SweeperTimes;
  readonly log: ReturnType<typeof operatorLog>;
  readonly count: Count;
  readonly gauge: Gauge;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly writer: Writer;
}
