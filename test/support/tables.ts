import { CreateTableCommand, DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { APPROVALS_INDEX } from "../../lambdas/index-names.ts";
import type { LocalAws } from "../../local/aws.ts";

/** The three tables as the template has them, with the streams of ledger and approvals. */
export async function makeTables(aws: LocalAws): Promise<{ readonly ledger: string; readonly approvals: string }> {
  const ledger = await makeLedger(aws);
  const approvals = await makeTable(aws, "approvals", APPROVALS);
  await makeTable(aws, "access", { AttributeDefinitions: KEYS });
  return { ledger, approvals };
}

/** The ledger alone. @returns ARN of its stream */
export const makeLedger = (aws: LocalAws, name = "ledger"): Promise<string> =>
  makeTable(aws, name, { AttributeDefinitions: KEYS, ...STREAM });

async function makeTable(
  { dynamoDb }: LocalAws,
  TableName: string,
  own: typeof APPROVALS | { readonly AttributeDefinitions: typeof KEYS },
): Promise<string> {
  const KeySchema = keySchema("pk", "sk");
  await dynamoDb.send(new CreateTableCommand({ TableName, BillingMode: "PAY_PER_REQUEST", KeySchema, ...own }));
  return (await dynamoDb.send(new DescribeTableCommand({ TableName }))).Table?.LatestStreamArn ?? "";
}

const keySchema = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: "HASH" as const },
  { AttributeName: range, KeyType: "RANGE" as const },
];
const KEYS = [
  { AttributeName: "pk", AttributeType: "S" as const },
  { AttributeName: "sk", AttributeType: "S" as const },
];
const index = (IndexName: string, attribute: string) => ({
  IndexName,
  KeySchema: keySchema(attribute, "createdAt"),
  Projection: { ProjectionType: "ALL" as const },
});
const STREAM = { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" as const } };
const APPROVALS = {
  AttributeDefinitions: [
    ...KEYS,
    { AttributeName: "status", AttributeType: "S" as const },
    { AttributeName: "requesterId", AttributeType: "S" as const },
    { AttributeName: "createdAt", AttributeType: "N" as const },
  ],
  GlobalSecondaryIndexes: [
    index(APPROVALS_INDEX.byStatus, "status"),
    index(APPROVALS_INDEX.byRequester, "requesterId"),
  ],
  ...STREAM,
};
