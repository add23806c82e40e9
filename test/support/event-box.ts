import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { LOCAL_KEYS, REGION } from "../../local/aws.ts";

/** An event as a rule on the bus hands it to its target. */
export interface Delivered {
  readonly source: string;
  readonly "detail-type": string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a test looks at
  readonly detail: any;
}

/** A queue that a rule feeds with all that comes over a bus, as an adopter would read it. */
export interface EventBox {
  /** What came since the last time. */
  empty(): Promise<Delivered[]>;
}

/** @param bus ARN of the bus */
export async function eventBox(endpoint: string, bus: string): Promise<EventBox> {
  const options = { endpoint, region: REGION, credentials: LOCAL_KEYS };
  const events = new EventBridgeClient(options);
  const queues = new SQSClient(options);
  const EventBusName = bus.split("/").at(-1);
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: "countersign-box" }));
  const { Attributes } = await queues.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  const EventPattern = JSON.stringify({ source: ["countersign"] });
  await events.send(new PutRuleCommand({ Name: "box", EventBusName, EventPattern, State: "ENABLED" }));
  const Targets = [{ Id: "box", Arn: Attributes?.QueueArn }];
  await events.send(new PutTargetsCommand({ Rule: "box", EventBusName, Targets }));
  return {
    async empty() {
      const delivered: Delivered[] = [];
      for (;;) {
        const { Messages = [] } = await queues.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60 }),
        );
        if (Messages.length === 0) return delivered;
        delivered.push(...Messages.map(({ Body = "" }) => JSON.parse(Body) as Delivered));
        const Entries = Messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
        await queues.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      }
    },
  };
}
