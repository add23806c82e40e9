import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import type { Context, DynamoDBStreamEvent } from "aws-lambda";
import { createArchiver } from "../../lambdas/archiver/archiver.ts";
import { clientOptions } from "../../lambdas/aws/clients.ts";
import type { Environment } from "../../lambdas/environment.ts";
import type { Place } from "../place.ts";
import { outputName, stackOutputs } from "../stack-outputs.ts";

/** Hands a batch of the ledger's stream to the archiver. @throws Error with its own word when it did not archive all of it */
export type Archive = (event: DynamoDBStreamEvent) => Promise<void>;

/** What a redrive did. */
export interface Redriven {
  /** Keys of the batches that are in the vaults now. */
  readonly archived: readonly string[];
  readonly failed: readonly { readonly key: string; readonly why: string }[];
}

/** Longest time that the archiver may take, in milliseconds. */
const PATIENCE = 130_000;

/**
 * Archives what lies in the on-failure bucket, through the archiver itself: nobody else may write to the manifest. A batch that is in
 * the vaults is taken from the bucket (its versions stay); archived twice it is the same objects.
 *
 * @throws Error when the stacks do not say where it lies
 */
export async function redrive({ environment }: Place): Promise<{ readonly text: string; readonly ok: boolean }> {
  const outputs = await stackOutputs(environment);
  const output = (name: string) => {
    const value = outputs.get(outputName(name));
    if (value === undefined) throw new Error(`the stacks have no output ${name}; deploy this version first`);
    return value;
  };
  const archive = await archiverOf(environment, output("ArchiverFunction"));
  const { archived, failed } = await redriveFrom(environment, output("UnarchivedBucket"), archive);
  const lines = [
    ...archived.map((key) => `archived  ${key}`),
    ...failed.map(({ key, why }) => `FAILED    ${key}: ${why}`),
    archived.length + failed.length === 0
      ? "The bucket is empty: everything was archived."
      : `${archived.length} batches archived, ${failed.length} left`,
  ];
  return { text: lines.join("\n"), ok: failed.length === 0 };
}

/** One batch at a time, in the order of their keys; one that fails keeps no other from being archived. */
export async function redriveFrom(environment: Environment, Bucket: string, archive: Archive): Promise<Redriven> {
  const client = new S3Client({
    ...clientOptions(environment, "S3", 10_000),
    forcePathStyle: environment.AWS_ENDPOINT_URL !== undefined,
  });
  const archived: string[] = [];
  const failed: { key: string; why: string }[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket }))
    for (const { Key: key = "" } of Contents)
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
        await archive(batchIn((await Body?.transformToString()) ?? ""));
        await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
        archived.push(key);
      } catch (cause) {
        failed.push({ key, why: cause instanceof Error ? cause.message : String(cause) });
      }
  return { archived, failed };
}

/** The event in Lambda's record of a failed invocation. @throws Error when the object is none */
export function batchIn(text: string): DynamoDBStreamEvent {
  const { payload } = JSON.parse(text) as { payload?: unknown };
  const event = (typeof payload === "string" ? JSON.parse(payload) : payload) as
    | Partial<DynamoDBStreamEvent>
    | undefined;
  if (!Array.isArray(event?.Records) || event.Records.length === 0) throw new Error("it holds no batch of a stream");
  return { Records: event.Records };
}

/** The deployed function; on a laptop, where no function is deployed, its code in this process. */
async function archiverOf(environment: Environment, FunctionName: string): Promise<Archive> {
  const client = new LambdaClient(clientOptions(environment, "LAMBDA", PATIENCE));
  if (environment.AWS_ENDPOINT_URL !== undefined) {
    const { Environment: told } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const archiver = createArchiver({ ...told?.Variables, ...environment });
    return async (event) => complete(await archiver(event, {} as Context));
  }
  return async (event) => {
    const { FunctionError, Payload } = await client.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
    );
    const answer = JSON.parse(Payload?.transformToString() || "null") as { errorMessage?: string } | null;
    if (FunctionError !== undefined) throw new Error(answer?.errorMessage ?? FunctionError);
    complete(answer);
  };
}

/** @throws Error when a part of the batch was given back */
function complete(answer: unknown): void {
  const left = (answer as { batchItemFailures?: readonly unknown[] } | null)?.batchItemFailures;
  if (left === undefined || left.length > 0) throw new Error("the archiver gave a part of it back");
}
