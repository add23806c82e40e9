import { ConfirmSubscriptionCommand, paginateListSubscriptionsByTopic, SNSClient } from "@aws-sdk/client-sns";
import { clientOptions } from "../../lambdas/aws/clients.ts";
import { loadConfig } from "../../lib/config/load.ts";
import type { Place } from "../place.ts";
import { outputName, stackOutputs } from "../stack-outputs.ts";
import { table } from "../table.ts";

/** A subscription of a group's topic. */
type Subscriber = {
  readonly group: string;
  readonly address: string;
  readonly protocol: string;
  readonly confirmed: boolean;
};

export interface ApproversCheck {
  readonly text: string;
  /** Whether every group can reach its quorum. */
  readonly enough: boolean;
}

/** Who is mailed for each approver group, and whether they said that they want it. */
export async function checkApprovers(
  { environment }: Place,
  { config, json }: { readonly config: string; readonly json?: boolean },
): Promise<ApproversCheck> {
  const groups = loadConfig(config).approverGroups;
  const outputs = await stackOutputs(environment);
  const client = new SNSClient(clientOptions(environment, "SNS"));
  const subscribers: Subscriber[] = [];
  // One that was not confirmed has a word in the ARN's place: PendingConfirmation, or Deleted.
  for (const { name } of groups)
    for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic(
      { client },
      { TopicArn: topicOf(name, outputs) },
    ))
      for (const { Endpoint = "", Protocol = "", SubscriptionArn = "" } of Subscriptions)
        subscribers.push({
          group: name,
          address: Endpoint,
          protocol: Protocol,
          confirmed: SubscriptionArn.startsWith("arn:"),
        });
  const standing = groups.map(({ name, quorum }) => {
    const reached = subscribers.filter(({ group, confirmed }) => confirmed && group === name);
    const confirmed = new Set(reached.map(({ address }) => address)).size;
    return { group: name, confirmed, quorum, enough: confirmed >= quorum };
  });
  const enough = standing.every((group) => group.enough);
  if (json) return { text: JSON.stringify({ groups: standing, subscribers }, null, 2), enough };
  const lines = standing
    .filter((group) => !group.enough)
    .map(
      ({ group, confirmed, quorum }) =>
        `The group "${group}" has ${confirmed} confirmed addresses and needs ${quorum}: its calls are refused until they confirm.`,
    );
  return { text: [table(standing), "", table(subscribers), ...lines].join("\n"), enough };
}

/** Confirms a subscription with the token of its mail, so that only who holds AWS rights can end it, not whoever gets the mail. */
export async function confirmApprover(
  { environment }: Place,
  { group, token }: { readonly group: string; readonly token: string },
): Promise<string> {
  const TopicArn = topicOf(group, await stackOutputs(environment));
  const client = new SNSClient(clientOptions(environment, "SNS"));
  const { SubscriptionArn } = await client.send(
    new ConfirmSubscriptionCommand({ TopicArn, Token: token, AuthenticateOnUnsubscribe: "true" }),
  );
  return `Confirmed ${SubscriptionArn}. The link to unsubscribe in its mails works only for who is signed in to AWS.`;
}

/** @throws Error when the stack has no topic for the group */
function topicOf(group: string, outputs: ReadonlyMap<string, string>): string {
  const topic = outputs.get(outputName(`ApproverTopic-${group}`));
  if (topic === undefined) throw new Error(`the deployed stack has no topic for the group "${group}"; deploy it first`);
  return topic;
}
