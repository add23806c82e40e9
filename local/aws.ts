import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SNSClient } from "@aws-sdk/client-sns";

/** The region of the local stack. */
export const REGION = "us-east-1";
/** Keys that the emulator takes: any. */
export const LOCAL_KEYS = { accessKeyId: "local", secretAccessKey: "local" } as const;

/** SDK clients of the local stack. */
export type LocalAws = ReturnType<typeof localAws>;

/** Clients for the emulator at a URL. */
export function localAws(endpoint: string) {
  const options = { endpoint, region: REGION, credentials: LOCAL_KEYS };
  return {
    cloudFormation: new CloudFormationClient(options),
    dynamoDb: new DynamoDBClient(options),
    streams: new DynamoDBStreamsClient(options),
    kms: new KMSClient(options),
    lambda: new LambdaClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    secrets: new SecretsManagerClient(options),
    stepFunctions: new SFNClient(options),
    sns: new SNSClient(options),
  };
}
