import { ListSubscriptionsByTopicCommand, PublishCommand, SNSClient, type Subscription } from "@aws-sdk/client-sns";
import type { Mail } from "../domain/approval/mail.ts";
import type { Environment } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** The approver groups' topics. */
export interface Topics {
  publish(topicArn: string, mail: Mail): Promise<void>;
  /** How many addresses were confirmed. */
  confirmed(topicArn: string): Promise<number>;
}

/** One that waits, or was deleted, has a word in the place of its ARN. */
export const isConfirmed = ({ SubscriptionArn = "" }: Subscription): boolean => SubscriptionArn.startsWith("arn:");

/** How many addresses the confirmed ones of these reach: who is subscribed twice, as text and as JSON, is one. */
export const confirmedAddresses = (subscriptions: readonly Subscription[]): number =>
  new Set(subscriptions.filter(isConfirmed).map(({ Endpoint = "" }) => Endpoint.toLowerCase())).size;

/** A page holds 100; a group with more confirmed subscriptions than this has enough for any quorum. */
const MOST_PAGES = 5;

export function topics(environment: Environment): Topics {
  const client = new SNSClient(clientOptions(environment, "SNS"));
  return {
    async publish(TopicArn, { subject, message }) {
      await client.send(new PublishCommand({ TopicArn, Subject: subject, Message: message }));
    },
    async confirmed(TopicArn) {
      const found: Subscription[] = [];
      let NextToken: string | undefined;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const answer = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn, NextToken }));
        found.push(...(answer.Subscriptions ?? []));
        NextToken = answer.NextToken;
        if (NextToken === undefined) break;
      }
      return confirmedAddresses(found);
    },
  };
}
