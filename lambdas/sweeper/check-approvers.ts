import { approversTable } from "../aws/approvers.ts";
import { topics } from "../aws/topics.ts";
import { METRIC } from "../metric-names.ts";
import type { House } from "./house.ts";

/**
 * Counts each group's confirmed addresses once an hour and notes them for the gateway; a group with fewer than its
 * quorum is looked at in every run, so that it can be asked again as soon as somebody has confirmed.
 */
export function checkApprovers({ environment, config, topicArns, times, log, count, now }: House): () => Promise<void> {
  const approvers = approversTable(environment);
  const sns = topics(environment);
  return async () => {
    for (const { name, quorum } of config.approverGroups) {
      const topicArn = topicArns[name];
      if (topicArn === undefined) continue;
      const known = await approvers.of(name);
      if (known !== undefined && known.confirmed >= quorum && known.at > now() - times.checkApprovers) continue;
      const confirmed = await sns.confirmed(topicArn);
      await approvers.note(name, { confirmed, at: now() });
      if (confirmed >= quorum) continue;
      count(METRIC.approversMissing);
      log.warn("a group has fewer confirmed addresses than its quorum: calls that need it are refused", {
        group: name,
        confirmed,
        quorum,
      });
    }
  };
}
