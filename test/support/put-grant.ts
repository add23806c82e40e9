import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { clientOptions } from "../../lambdas/aws/clients.ts";
import { putOf } from "../../lambdas/aws/grants-table.ts";
import type { Grant } from "../../lambdas/domain/approval/grant.ts";
import { ENV, type Environment, requireEnv } from "../../lambdas/environment.ts";

/** Puts a grant in force without the decision that it came out of. */
export async function putGrant(environment: Environment, grant: Grant): Promise<void> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(environment, "DYNAMODB")));
  await client.send(new PutCommand(putOf(requireEnv(environment, ENV.accessTable), grant)));
}
