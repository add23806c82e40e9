import middy from "@middy/core";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { sealedOf, textOf } from "../aws/ledger-item.ts";
import { manifest } from "../aws/manifest.ts";
import { vault } from "../aws/vault.ts";
import { type ArchiveLine, archiveObjects } from "../domain/evidence/archive-object.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";

/**
 * Writes the ledger's new records to both vaults, an object for each hour of a batch, and notes each for the digester. A batch that
 * fails is given back whole: its objects are named by their content, so that writing them again changes nothing.
 *
 * It may come back in other pieces, and then the object that was begun is never finished. So each is noted before it is
 * written, and the masked vault comes last: what lies there lies in the sealed one too, and the digester knows of it.
 */
export function createArchiver(environment: Environment) {
  const masked = vault(environment, requireEnv(environment, ENV.maskedVault));
  const sealed = vault(environment, requireEnv(environment, ENV.sealedVault));
  const noted = manifest(environment);

  return middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(async ({ Records }) => {
    const lines = Records.flatMap(lineOf);
    // Not before they arrived: a clock that is behind would note them in an hour that is sealed.
    const now = Math.max(Date.now(), ...lines.map(({ arrivedAt }) => arrivedAt));
    for (const object of archiveObjects(lines)) {
      const { key, records, root, writers } = object;
      await noted.begin({ key, records, root, writers }, now);
      const inSealed = await sealed.put(key, object.sealed);
      const inMasked = await masked.put(key, object.masked);
      await noted.note({ key, records, root, masked: inMasked, sealed: inSealed, writers }, now);
    }
    return { batchItemFailures: [] };
  });
}

/** The record of a change; none for what the digester reads, which lies in the same table. */
function lineOf(change: DynamoDBRecord): ArchiveLine[] {
  if (change.eventName !== "INSERT") return [];
  const { NewImage: item = {} } = change.dynamodb ?? {};
  const text = textOf(item);
  if (text === undefined) return [];
  return [
    {
      text,
      signature: item.signature?.S ?? "",
      sealed: sealedOf(item),
      arrivedAt: (change.dynamodb?.ApproximateCreationDateTime ?? 0) * 1000,
    },
  ];
}
