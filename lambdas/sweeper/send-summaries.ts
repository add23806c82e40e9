import { approvalsTable } from "../aws/approvals-table.ts";
import { mailBatches } from "../aws/mail-batches.ts";
import { topics } from "../aws/topics.ts";
import { summaryMail } from "../domain/approval/mail.ts";
import { statusAt } from "../domain/approval/state.ts";
import type { House } from "./house.ts";

/** Reads at once. */
const TOGETHER = 20;

/**
 * Mails each group about the approvals of a minute that were not mailed by themselves. The mail goes out before the
 * minute is settled: one that goes out twice is better than none.
 */
export function sendSummaries({ environment, config, topicArns, now }: House): () => Promise<void> {
  const batches = mailBatches(environment);
  const approvals = approvalsTable(environment);
  const sns = topics(environment);

  const pendingAmong = async (ids: readonly string[]) => {
    let pending = 0;
    for (let at = 0; at < ids.length; at += TOGETHER) {
      const rows = await Promise.all(ids.slice(at, at + TOGETHER).map((id) => approvals.get(id)));
      pending += rows.filter((row) => row !== undefined && statusAt(row, now()) === "PENDING").length;
    }
    return pending;
  };

  return async () => {
    for (const { name } of config.approverGroups) {
      const topicArn = topicArns[name];
      if (topicArn === undefined) continue;
      for (const batch of (await batches.of(name)).filter(({ endsAt }) => endsAt <= now())) {
        const single = batch.ids.slice(0, config.limits.singleMails);
        const waiting = await pendingAmong([...new Set(batch.ids)].filter((id) => !single.includes(id)));
        if (waiting > 0) await sns.publish(topicArn, summaryMail(name, waiting, batch.baseUrl));
        await batches.settle(batch);
      }
    }
  };
}
