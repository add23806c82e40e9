import type { _Record as SdkRecord, AttributeValue as SdkValue } from "@aws-sdk/client-dynamodb-streams";
import type { AttributeValue, StreamRecord as Change, DynamoDBRecord } from "aws-lambda";

/** A change as Lambda hands it to a consumer. */
export type StreamRecord = DynamoDBRecord & { readonly dynamodb: Change & { readonly SequenceNumber: string } };

/** Turns a record of the Streams API into the event's: bytes become base64, times seconds. */
export function streamRecord(record: SdkRecord, eventSourceARN: string): StreamRecord {
  const change = record.dynamodb ?? {};
  return {
    eventID: record.eventID ?? "",
    eventName: record.eventName ?? "INSERT",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: record.awsRegion ?? "us-east-1",
    eventSourceARN,
    ...(record.userIdentity ? { userIdentity: record.userIdentity } : {}),
    dynamodb: {
      ApproximateCreationDateTime: (change.ApproximateCreationDateTime ?? new Date()).getTime() / 1000,
      Keys: imageOf(change.Keys) ?? {},
      ...(change.NewImage ? { NewImage: imageOf(change.NewImage) ?? {} } : {}),
      ...(change.OldImage ? { OldImage: imageOf(change.OldImage) ?? {} } : {}),
      SequenceNumber: change.SequenceNumber ?? "",
      SizeBytes: change.SizeBytes ?? 0,
      StreamViewType: change.StreamViewType ?? "NEW_AND_OLD_IMAGES",
    },
  };
}

function imageOf(image: Record<string, SdkValue> | undefined): Record<string, AttributeValue> | undefined {
  return image && Object.fromEntries(Object.entries(image).map(([name, value]) => [name, attributeOf(value)]));
}

function attributeOf(value: SdkValue): AttributeValue {
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(base64) };
  if (value.L !== undefined) return { L: value.L.map(attributeOf) };
  if (value.M !== undefined) return { M: imageOf(value.M) ?? {} };
  return value as AttributeValue;
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
