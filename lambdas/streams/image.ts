import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord, StreamRecord } from "aws-lambda";

/** An item as a stream shows it, as plain values. */
export function imageOf(image: StreamRecord["NewImage"]): Readonly<Record<string, unknown>> | undefined {
  // The two type packages describe the same JSON with other names.
  return image === undefined ? undefined : unmarshall(image as Record<string, AttributeValue>);
}

/** Before and after of a change. */
export const imagesOf = ({ dynamodb }: DynamoDBRecord) => ({
  before: imageOf(dynamodb?.OldImage),
  after: imageOf(dynamodb?.NewImage),
});
