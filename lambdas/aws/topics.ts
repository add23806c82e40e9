import { ListSubscriptionsByTopicCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Mail } from "../domain/approval/mail.ts";
import type { Environment } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** The approver groups' topics. */
export interface Topics {
  publish(topicArn: string, mail: Mail): Promise<void>;
  /** How many subscriptions were confirmed. */
  confirmed(topicArn: string): Promise<number>;
}

/** A page holds 100; a group with more confirmed subscriptions than this has enough for any quorum. */
const MOST_PAGES = 5;

export function topics(environment: Environment): Topics {
  const client = new SNSClient(clientOptions(environment, "SNS"));
  return {
    async publish(TopicArn, { subject, message }) {
      await client.send(new PublishCommand({ TopicArn, Subject: subject, Message: message }));
    },
    async confirmed(TopicArn) {
      let count = 0;
      let NextToken: string | undefined;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const answer = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn, NextToken }));
        // One that waits, or was deleted, has a word in the place of its ARN.
        count += (answer.Subscriptions ?? []).filter(({ SubscriptionArn }) =>
          SubscriptionArn?.startsWith("arn:"),
        ).length;
        NextToken = answer.NextToken;
        if (NextToken === undefined) break;
      }
      return count;
    },
  };
}
