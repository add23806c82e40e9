import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { ScanCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { Context, DynamoDBRecord } from "aws-lambda";
import { expect } from "vitest";
import { quarantine } from "../../bin/commands/quarantine.ts";
import { reveal, revealed } from "../../bin/commands/reveal.ts";
import { createArchiver } from "../../lambdas/archiver/archiver.ts";
import { manifest } from "../../lambdas/aws/manifest.ts";
import { ENV } from "../../lambdas/environment.ts";
import { createHolder } from "../../lambdas/holder/holder.ts";
import { createReconciler } from "../../lambdas/reconciler/reconciler.ts";
import { invocation } from "../../local/api/functions.ts";
import { SAMPLE } from "../../local/servers/sample-secrets.ts";
import { HOUR, type Scene, type Steps } from "./scene.ts";

/** What is done with the records. */
export function evidence({ gateway, meter, aws, dynamoDb, unseen, desk, begin, ok, until }: Scene): Steps {
  const { stack, records } = gateway;
  const { environmentOf, place } = stack;
  const longAnswer = async () =>
    (await records(({ target, type }) => target === "read_long" && type === "call.completed"))[0];

  /** What is asked for in vain, is agreed to, and is asked for again. */
  const agreed = async (ask: (approval?: string) => Promise<string>): Promise<string> => {
    const said = await ask().catch((cause: unknown) => String(cause));
    const [, approval = ""] = /pending approval ([a-z2-7]{26}):/.exec(said) ?? [];
    expect(approval, said).not.toBe("");
    await stack.drain();
    const { body } = await ok(desk.api("approver-one", `/approvals/${approval}`));
    if (body.revealNeeded) await ok(desk.api("approver-one", `/approvals/${approval}/reveal`, {}));
    await ok(desk.decide(approval, "approve"));
    return ask(approval);
  };

  const opened = async () => {
    await stack.drain();
    const auditor = await stack.token("auditor", "console");
    const { id = "", session = "" } = (await longAnswer()) ?? {};
    expect(await agreed(() => reveal(place, id, "what was masked", auditor))).toContain(SAMPLE.githubToken);
    await agreed(() => reveal(place, session, "all of this session", auditor));
    const [from = "", to = ""] = [-HOUR, HOUR].map((offset) => new Date(Date.now() + offset).toISOString());
    const found = await agreed(async (approval) => {
      let texts = "";
      const wish = { search: SAMPLE.githubToken, from, to, ...(approval === undefined ? {} : { approval }) };
      for await (const text of revealed(place, undefined, "where else", wish, auditor)) texts += text;
      return texts;
    });
    expect(found).toContain("read_long");
    await quarantine(place, id, { reason: "too quiet" }, "a quiet line of a log", auditor);
    await expect(reveal(place, id, "curious", await stack.token("developer", "console"))).rejects.toThrow("no policy");
    await stack.drain();
  };

  const sealed = async () => {
    const given = { records: 1, root: "0".repeat(64), writers: [] };
    // What an archiver noted that died before it could write.
    await manifest(unseen("digester")).begin(
      { key: "transcripts/dt=2026-03-04/hh=05/never.jsonl.gz", ...given },
      Date.now(),
    );
    await stack.digest(new Date(Date.now() + HOUR).toISOString());
  };

  const held = async () => {
    const hold = createHolder(environmentOf("holder"));
    const { session } = (await longAnswer()) ?? {};
    const { body } = await ok(desk.api("auditor", "/holds", { session, reason: "case 17" }));
    await hold({}, invocation("holder", 840));
    await ok(desk.api("auditor", "/holds"));
    for (const who of ["auditor", "auditor-two"])
      await ok(desk.api(who, `/holds/${body.id}/lift`, { reason: "closed" }));
    await hold({}, invocation("holder", 840));
  };

  const reconciled = async () => {
    begin("read_never");
    await until(async () => (await records(({ target }) => target === "read_never")).length > 0);
    await stack.drain();
    const Dimensions = Object.entries({
      ApiName: "countersign",
      Stage: "live",
      Resource: "/mcp/{server}",
      Method: "POST",
    }).map(([Name, Value]) => ({ Name, Value }));
    await new CloudWatchClient(aws).send(
      new PutMetricDataCommand({
        Namespace: "AWS/ApiGateway",
        MetricData: [{ MetricName: "Count", Dimensions, Value: 1, Unit: "Count" }],
      }),
    );
    const reconcile = createReconciler(environmentOf("reconciler"), 0);
    await reconcile({ compare: new Date().toISOString() }, invocation("reconciler", 600));
    expect(await records(({ type }) => type === "call.unresolved")).not.toEqual([]);
  };

  const archivedTwice = async () => {
    const Records = meter.requests
      .filter(({ by, operation }) => by === "refusals" && operation === "PutItem")
      .map(({ body }): DynamoDBRecord => {
        const { Item: NewImage } = JSON.parse(body.toString());
        return { eventName: "INSERT", dynamodb: { ApproximateCreationDateTime: Date.now() / 1000, NewImage } };
      });
    expect(Records).not.toEqual([]);
    const archive = createArchiver(environmentOf("archiver"));
    for (let times = 0; times < 2; times += 1) await archive({ Records }, {} as Context);
  };

  const tamperedWith = async () => {
    const TableName = environmentOf("archiver")[ENV.ledgerTable];
    const { Items = [] } = await dynamoDb.send(new ScanCommand({ TableName }));
    const { pk, sk } = Items.find(({ line }) => line !== undefined) ?? {};
    if (pk === undefined || sk === undefined) throw new Error("the ledger is empty");
    const change = { UpdateExpression: "SET line = :line", ExpressionAttributeValues: { ":line": { S: "{}" } } };
    await dynamoDb.send(new UpdateItemCommand({ TableName, Key: { pk, sk }, ...change }));
    await stack.drain();
    expect(await records(({ component }) => component === "exporter")).not.toEqual([]);
  };

  return [
    ["a session's records are opened, sought and quarantined", opened],
    ["an hour is sealed and checked", sealed],
    ["a legal hold is put and lifted", held],
    ["a call has no outcome, and an hour's requests are counted", reconciled],
    ["the same is archived twice", archivedTwice],
    ["somebody changes the ledger", tamperedWith],
  ];
}
