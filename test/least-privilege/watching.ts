import { AthenaClient, CreateWorkGroupCommand, StartQueryExecutionCommand } from "@aws-sdk/client-athena";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Context, SQSEvent } from "aws-lambda";
import { expect } from "vitest";
import { createCompactor } from "../../lambdas/compactor/compactor.ts";
import { ENV } from "../../lambdas/environment.ts";
import { createObserver } from "../../lambdas/observer/observer.ts";
import { COMPACT, compactFolder } from "../../lib/queries/compaction.ts";
import { LAKE } from "../../lib/queries/tables.ts";
import type { Scene, Steps } from "./scene.ts";

/** What is done with Athena, and with what CloudTrail tells. */
export function watching({ gateway, aws }: Scene): Steps {
  const { environmentOf } = gateway.stack;
  const Bucket = environmentOf("compactor")[ENV.compactedBucket];
  const athena = new AthenaClient(aws);

  const observed = async () => {
    await workgroup(LAKE.workgroup);
    const started = await athena.send(
      new StartQueryExecutionCommand({ QueryString: "SELECT 1", WorkGroup: LAKE.workgroup }),
    );
    const Records = [
      { eventSource: "kms.amazonaws.com", eventName: "Decrypt", requestID: "request-1" },
      {
        eventSource: "athena.amazonaws.com",
        eventName: "StartQueryExecution",
        requestParameters: { workGroup: LAKE.workgroup },
        responseElements: { queryExecutionId: started.QueryExecutionId },
      },
    ].map((own, at) => ({
      messageId: `message-${at}`,
      body: JSON.stringify({ detail: { ...EVENT, eventID: `${at}`, ...own } }),
    }));
    const observer = createObserver(environmentOf("observer"));
    const { batchItemFailures } = await observer({ Records } as unknown as SQSEvent, {} as Context);
    expect(batchItemFailures).toEqual([]);
  };

  const compacted = async () => {
    await workgroup(COMPACT.workgroup);
    const day = "2026-03-04";
    const written = new PutObjectCommand({ Bucket, Key: `${compactFolder(day)}part-0`, Body: "PAR1" });
    await new S3Client({ ...aws, forcePathStyle: true }).send(written);
    const compact = createCompactor(environmentOf("compactor"), Date.now, 10);
    await compact({ day }, {} as Context);
    await compact({}, {} as Context);
  };

  /** The local stack has none: the emulator cannot make them from the template. */
  const workgroup = async (Name: string) => {
    const Configuration = { ResultConfiguration: { OutputLocation: `s3://${Bucket}/statements/` } };
    await athena.send(new CreateWorkGroupCommand({ Name, Configuration }));
  };

  return [
    ["CloudTrail tells of an opening and a query", observed],
    ["a day is compacted", compacted],
  ];
}

/** What is the same in all events of an auditor's. */
const EVENT = {
  eventTime: new Date().toISOString(),
  sourceIPAddress: "198.51.100.7",
  userAgent: "aws-cli",
  userIdentity: {
    type: "AssumedRole",
    arn: "arn:aws:sts::123456789012:assumed-role/Auditors/ada@example.com",
    sessionContext: { sessionIssuer: { arn: "arn:aws:iam::123456789012:role/Auditors" } },
  },
  requestParameters: null,
  responseElements: null,
};
