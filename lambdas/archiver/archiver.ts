import middy from "@middy/core";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { manifest } from "../aws/manifest.ts";
import { vault } from "../aws/vault.ts";
import { type ArchiveLine, archiveObject } from "../domain/evidence/archive-object.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { imagesOf } from "../streams/image.ts";

/**
 * Writes the ledger's new records to both vaults, a batch an object, and notes the object for the digester. A batch that
 * fails is given back whole: its objects are named by their content, so that writing them again changes nothing.
 */
export function createArchiver(environment: Environment) {
  const masked = vault(environment, requireEnv(environment, ENV.maskedVault));
  const sealed = vault(environment, requireEnv(environment, ENV.sealedVault));
  const noted = manifest(environment);

  return middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(async ({ Records }) => {
    const object = archiveObject(Records.flatMap(lineOf));
    if (object !== undefined) {
      const { key, records, root, writers } = object;
      const [inMasked, inSealed] = await Promise.all([masked.put(key, object.masked), sealed.put(key, object.sealed)]);
      await noted.note({ key, records, root, masked: inMasked, sealed: inSealed, writers }, Date.now());
    }
    return { batchItemFailures: [] };
  });
}

/** The record of a change; none for what the digester reads, which lies in the same table. */
function lineOf(change: DynamoDBRecord): ArchiveLine[] {
  if (change.eventName !== "INSERT") return [];
  const { after } = imagesOf(change);
  if (typeof after?.line !== "string") return [];
  return [
    {
      text: after.line,
      signature: String(after.signature),
      sealed: { request: after.sealedRequest, response: after.sealedResponse },
      arrivedAt: (change.dynamodb?.ApproximateCreationDateTime ?? 0) * 1000,
    },
  ];
}
