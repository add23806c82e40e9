import { CreateBucketCommand, GetObjectLegalHoldCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { Context } from "aws-lambda";
import { expect } from "vitest";
import { environmentSigner } from "../../../lambdas/aws/environment-signer.ts";
import { holdsTable } from "../../../lambdas/aws/holds-table.ts";
import { ledgerTable } from "../../../lambdas/aws/ledger-table.ts";
import { vault } from "../../../lambdas/aws/vault.ts";
import type { Line } from "../../../lambdas/domain/evidence/line.ts";
import type { RecordEntry } from "../../../lambdas/domain/evidence/record.ts";
import { createWriter } from "../../../lambdas/domain/evidence/writer.ts";
import { createHolder } from "../../../lambdas/holder/holder.ts";
import { newIds } from "../../../lambdas/new-ids.ts";
import { localAws } from "../../../local/aws.ts";
import { openDesk, signedIn } from "../../approvals/support/desk.ts";
import { archiveLines } from "../../support/archive-lines.ts";

export const [ONE, TWO] = [signedIn("auditor-one", "auditors"), signedIn("auditor-two", "auditors")];
export const BOTH = ["masked", "sealed"] as const;

/** The holder over vaults under Object Lock, and the API that puts holds and lifts them. */
export async function openHoldRoom() {
  const desk = await openDesk();
  const environment: Readonly<Record<string, string>> = {
    ...desk.environment,
    AWS_ENDPOINT_URL_DYNAMODB: desk.environment.AWS_ENDPOINT_URL,
    MASKED_VAULT: "masked",
    SEALED_VAULT: "sealed",
  };
  const aws = localAws(desk.environment.AWS_ENDPOINT_URL);
  for (const Bucket of BOTH) await aws.s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  const signer = environmentSigner(environment, "gateway");
  const ledger = ledgerTable(environment, 14);
  const writer = createWriter({ ledger, component: "gateway", signer, now: Date.now, newId: newIds() });

  async function keysOf(Bucket: string, Prefix: string): Promise<string[]> {
    const { Contents = [] } = await aws.s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
    return Contents.flatMap(({ Key }) => Key ?? []);
  }

  /** Whether the newest version is held. */
  async function isHeld(Bucket: string, Key: string): Promise<boolean> {
    try {
      const { LegalHold } = await aws.s3.send(new GetObjectLegalHoldCommand({ Bucket, Key }));
      return LegalHold?.Status === "ON";
    } catch (cause) {
      if (cause instanceof Error && cause.name === "NoSuchObjectLockConfiguration") return false;
      throw cause;
    }
  }

  const lift = (id: string, as: typeof ONE) => desk.post("/holds/{id}/lift", { as, body: { reason: "closed" } }, id);

  return {
    desk,
    environment,
    aws,
    keysOf,
    isHeld,
    lift,
    record: (session: string, change: Partial<RecordEntry> = {}) =>
      writer.append({
        type: "call.received",
        occurredAt: new Date().toISOString(),
        session,
        call: `call-${session}`,
        outcome: "received",
        ...change,
      }),
    /** Archives lines as one object. @returns its key */
    async archive(...lines: readonly Line[]): Promise<string> {
      const before = await keysOf("masked", "transcripts/");
      await archiveLines(environment, lines);
      return (await keysOf("masked", "transcripts/")).find((key) => !before.includes(key)) ?? "";
    },
    /** Puts a text under a key in both vaults, as an object that no archiver wrote. */
    async putBoth(key: string, text: string): Promise<void> {
      for (const bucket of BOTH) await vault(environment, bucket).put(key, text);
    },
    /** Whether an archive object is held in the masked vault, and whether in the sealed one. */
    held: async (key: string) => [await isHeld("masked", key), await isHeld("sealed", key)],
    /** @param remaining milliseconds that Lambda still gives it, each time that it asks */
    run: (now = Date.now(), remaining: () => number = () => 600_000) =>
      createHolder(environment, () => now)({}, { getRemainingTimeInMillis: remaining } as Context),
    async putHold(body: object): Promise<string> {
      const answer = await desk.post("/holds", { as: ONE, body: { reason: "case 17", ...body } });
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      return answer.body.id;
    },
    rowOf: async (id: string) => (await holdsTable(environment).all()).find((row) => row.id === id),
  };
}

/** Lambda's answer for a run that may begin so many things: holds, and keys of one. */
export function forSteps(steps: number): () => number {
  // Middy asks first, to end before Lambda does.
  let asked = -1;
  return () => {
    asked += 1;
    return asked <= steps ? 600_000 : 59_000;
  };
}

export type HoldRoom = Awaited<ReturnType<typeof openHoldRoom>>;
