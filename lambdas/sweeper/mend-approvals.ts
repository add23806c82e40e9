import { approvalFlow } from "../aws/approval-flow.ts";
import { type Cursor, type PendingRow, pendingApprovals } from "../aws/pending-approvals.ts";
import { METRIC } from "../metric-names.ts";
import { flowInput } from "../recorder/flow-input.ts";
import type { House } from "./house.ts";

/** Pages that one run reads; a page is 1 MB at most. */
const MOST_PAGES = 10;
/** Rows that one run looks after. */
const MOST_MENDED = 100;

/**
 * Starts the flow of approvals that the recorder did not start, and expires those that no flow expired. Where a run's
 * work ends before the table does, the next one of this environment goes on from there.
 */
export function mendApprovals({ environment, config, topicArns, times, log, count, now }: House): () => Promise<void> {
  const approvals = pendingApprovals(environment);
  const flow = approvalFlow(environment);
  let next: Cursor | undefined;

  const mend = async (row: PendingRow) => {
    if (row.deadline <= now()) {
      if (!(await approvals.expire(row, now()))) return;
      count(METRIC.expiriesMended);
      log.warn("an approval that no flow had ended was marked as expired", { id: row.id });
    } else if (await flow.start(flowInput(row, { pk: row.pk, sk: row.sk }, config, topicArns))) {
      count(METRIC.flowsMended);
      log.warn("an approval had no flow; it was started", { id: row.id, createdAt: row.createdAt });
    }
  };

  return async () => {
    const old = now() - times.grace;
    let mended = 0;
    const failures: unknown[] = [];
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const found = await approvals.forsaken(old, old, next);
      const forsaken = found.rows.filter((each) => isForsaken(each, old));
      const turn = forsaken.slice(0, MOST_MENDED - mended);
      for (const row of turn) {
        mended += 1;
        // One row that cannot be mended, such as of a group that is no more, keeps no other from it.
        await mend(row).catch((cause: unknown) => failures.push(cause));
      }
      // Some rows stay forsaken however often they are looked after: those behind them must have their turn.
      const last = turn.length < forsaken.length ? turn.at(-1) : undefined;
      next = last === undefined ? found.next : placeOf(last);
      if (mended >= MOST_MENDED || next === undefined) break;
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} approvals could not be mended`);
  };
}

/** Where the index goes on behind a row. */
const placeOf = ({ pk, sk, createdAt }: PendingRow): Cursor => ({ pk, sk, createdAt, status: "PENDING" });

/** The deadline has its own grace: the flow expires the row itself, a little later than to the millisecond. */
const isForsaken = (row: PendingRow, old: number) => row.deadline <= old || row.taskToken === undefined;
