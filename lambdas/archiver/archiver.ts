import middy from "@middy/core";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { vault } from "../aws/vault.ts";
import { archiveObject } from "../domain/evidence/archive-object.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { imagesOf } from "../streams/image.ts";

/**
 * Writes the ledger's new records to both vaults, a batch an object. A batch that fails is given back whole: its
 * objects are named by their content, so that writing them again changes nothing.
 */
export function createArchiver(environment: Environment) {
  const masked = vault(environment, requireEnv(environment, ENV.maskedVault));
  const sealed = vault(environment, requireEnv(environment, ENV.sealedVault));

  return middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(async ({ Records }) => {
    const lines = Records.filter((change) => change.eventName === "INSERT").flatMap((change) => {
      const { after } = imagesOf(change);
      if (typeof after?.line !== "string") return [];
      const sealedParts = { request: after.sealedRequest, response: after.sealedResponse };
      return [
        {
          text: after.line,
          sealed: sealedParts,
          arrivedAt: (change.dynamodb?.ApproximateCreationDateTime ?? 0) * 1000,
        },
      ];
    });
    const object = archiveObject(lines);
    if (object !== undefined)
      await Promise.all([masked.put(object.key, object.masked), sealed.put(object.key, object.sealed)]);
    return { batchItemFailures: [] };
  });
}
