import {
  ConfirmSubscriptionCommand,
  GetSubscriptionAttributesCommand,
  paginateListSubscriptionsByTopic,
  SNSClient,
  type Subscription,
} from "@aws-sdk/client-sns";
import { clientOptions } from "../../lambdas/aws/clients.ts";
import { confirmedAddresses, isConfirmed } from "../../lambdas/aws/topics.ts";
import { loadConfig } from "../../lib/config/load.ts";
import type { Place } from "../place.ts";
import { outputName, stackOutputs } from "../stack-outputs.ts";
import { table } from "../table.ts";
import { printedJson, visible } from "../visible.ts";

/** A subscription of a group's topic. */
type Subscriber = {
  readonly group: string;
  readonly address: string;
  readonly protocol: string;
  readonly confirmed: boolean;
  /** Whether the link in a mail ends it for whoever opens it; null while it is not confirmed. */
  readonly endedByLink: boolean | null;
};

export interface ApproversCheck {
  readonly text: string;
  /** Whether every group can reach its quorum. */
  readonly enough: boolean;
}

/** Who is mailed for each approver group, whether they said that they want it, and who can end it. */
export async function checkApprovers(
  { environment }: Place,
  { config, json }: { readonly config: string; readonly json?: boolean },
): Promise<ApproversCheck> {
  const groups = loadConfig(config).approverGroups;
  const outputs = await stackOutputs(environment);
  const client = new SNSClient(clientOptions(environment, "SNS"));
  const subscribers: Subscriber[] = [];
  const standing: { group: string; confirmed: number; quorum: number; enough: boolean }[] = [];
  for (const { name, quorum } of groups) {
    const found: Subscription[] = [];
    const pages = paginateListSubscriptionsByTopic({ client }, { TopicArn: topicOf(name, outputs) });
    for await (const { Subscriptions = [] } of pages) found.push(...Subscriptions);
    for (const subscription of found) {
      const { Endpoint: address = "", Protocol: protocol = "" } = subscription;
      const confirmed = isConfirmed(subscription);
      const endedByLink = confirmed ? await isEndedByLink(subscription, client) : null;
      subscribers.push({ group: name, address, protocol, confirmed, endedByLink });
    }
    const confirmed = confirmedAddresses(found);
    standing.push({ group: name, confirmed, quorum, enough: confirmed >= quorum });
  }
  const enough = standing.every((group) => group.enough);
  if (json) return { text: printedJson({ groups: standing, subscribers }), enough };
  const lines = [
    ...standing
      .filter((group) => !group.enough)
      .map(
        ({ group, confirmed, quorum }) =>
          `The group "${group}" has ${confirmed} confirmed addresses and needs ${quorum}: its calls are refused until they confirm.`,
      ),
    ...subscribers
      .filter(({ endedByLink }) => endedByLink)
      .map(
        ({ group, address }) =>
          `Whoever opens the link in a mail to ${visible(address)} ends its subscription to "${group}": subscribe it anew, and confirm it with \`countersign approvers confirm\`.`,
      ),
  ];
  return { text: [table(standing), "", table(subscribers), ...lines].join("\n"), enough };
}

async function isEndedByLink({ SubscriptionArn }: Subscription, client: SNSClient): Promise<boolean> {
  const { Attributes } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  return Attributes?.ConfirmationWasAuthenticated?.toLowerCase() !== "true";
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
