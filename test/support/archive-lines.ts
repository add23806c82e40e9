import type { Context, DynamoDBBatchResponse } from "aws-lambda";
import { createArchiver } from "../../lambdas/archiver/archiver.ts";
import { storedLine } from "../../lambdas/aws/ledger-item.ts";
import type { Line } from "../../lambdas/domain/evidence/line.ts";
import type { Environment } from "../../lambdas/environment.ts";

/** Inserts as the ledger's stream tells them, in the order in which they are given. */
export const streamOf = (lines: readonly Line[], at = Date.now()) => ({
  Records: lines.map((line) => ({
    eventName: "INSERT" as const,
    dynamodb: {
      ApproximateCreationDateTime: at / 1000,
      NewImage: { ...storedLine(line), signature: { S: line.signature } },
    },
  })),
});

/**
 * Puts lines into the vaults, a batch.
 *
 * @param at milliseconds since the epoch: when they came into the ledger
 */
export const archiveLines = (environment: Environment, lines: readonly Line[], at?: number) =>
  createArchiver(environment)(streamOf(lines, at) as never, {} as Context) as Promise<DynamoDBBatchResponse>;
