import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Context, DynamoDBRecord, EventBridgeEvent } from "aws-lambda";
import { expect } from "vitest";
import { approvalsTable } from "../../lambdas/aws/approvals-table.ts";
import { ENV } from "../../lambdas/environment.ts";
import { createLeaver } from "../../lambdas/leaver/leaver.ts";
import { createRecorder } from "../../lambdas/recorder/recorder.ts";
import { createSweeper } from "../../lambdas/sweeper/sweeper.ts";
import { invocation } from "../../local/api/functions.ts";
import { putGrant } from "../support/put-grant.ts";
import { decisionOf, grant } from "../support/samples.ts";
import { HOUR, MINUTE, type Scene, type Steps } from "./scene.ts";

/** What is done about approvals and grants when nobody asks. */
export function mending({ gateway, dynamoDb, unseen, leaver, asked, until }: Scene): Steps {
  const { stack } = gateway;
  const approvals = approvalsTable(unseen("sweeper"));
  const requested = { requester: leaver, requesterId: leaver.id };

  const left = async () => {
    const row = asked(requested);
    await approvals.open(row, undefined);
    const now = Date.now();
    await putGrant(unseen("sweeper"), grant({ principal: leaver.id, createdAt: now, endsAt: now + HOUR }));
    await until(async () => (await approvals.get(row.id))?.taskToken !== undefined);
    await createLeaver(stack.environmentOf("leaver"))(
      {
        id: "0e9c1f5a-6f4b-4b8e-9a51-000000000001",
        account: "123456789012",
        source: "identity.leaver",
        detail: { principal: leaver.id, reason: "left the company" },
      } as unknown as EventBridgeEvent<string, Readonly<Record<string, unknown>>>,
      {} as Context,
    );
  };

  const takenBack = async () => {
    const before = asked({ ...requested, scopes: { session: false, maxMinutes: 60 } });
    const now = Date.now();
    const yes = { ...decisionOf("approver", "approve", now), scope: { kind: "minutes", minutes: 5, arguments: "any" } };
    const image = (row: object) =>
      marshall({ pk: `approval#${before.id}`, sk: "state", ...row }, { removeUndefinedValues: true });
    const change = {
      eventID: "an-event",
      eventName: "MODIFY",
      dynamodb: {
        ApproximateCreationDateTime: now / 1000,
        SequenceNumber: "1",
        OldImage: image(before),
        NewImage: image({ ...before, status: "APPROVED", decidedAt: now, decisions: [yes] }),
      },
    } as unknown as DynamoDBRecord;
    const recorder = createRecorder(stack.environmentOf("recorder"));
    expect(await recorder({ Records: [change] }, invocation("recorder", 60))).toEqual({ batchItemFailures: [] });
  };

  const swept = async () => {
    const now = Date.now();
    // Made before there is work for it: it is to find the lost row before the recorder does.
    const sweep = createSweeper(stack.environmentOf("sweeper"), { grace: 0, checkApprovers: 0 });
    const [lost, late] = [asked({ createdAt: now - HOUR }), asked({ deadline: now - MINUTE })];
    const unmailed = asked();
    await approvals.open(unmailed, undefined);
    const used = { principal: "local|thrifty", createdAt: now, endsAt: now + HOUR, usesLeft: 0 };
    await putGrant(unseen("sweeper"), grant({ id: "used-up", ...used }));
    // One more than this stack mails of by themselves.
    const waiting = ["mailed-by-itself", unmailed.id];
    const minute = new Date(now - 10 * MINUTE).toISOString().slice(0, 16);
    for (const group of ["platform", "security"])
      await dynamoDb.send(
        new PutItemCommand({
          TableName: stack.environmentOf("sweeper")[ENV.approvalsTable],
          Item: marshall({ pk: `mail#${group}`, sk: `minute#${minute}`, baseUrl: stack.publicUrl, waiting }),
        }),
      );
    for (const row of [late, lost]) await approvals.open(row, undefined);
    for (let times = 0; times < 2; times += 1) await sweep({}, invocation("sweeper", 50));
    await stack.drain();
  };

  return [
    ["a principal leaves", left],
    ["the recorder finds a yes taken back", takenBack],
    ["the sweeper mends, ends, counts and mails", swept],
  ];
}
