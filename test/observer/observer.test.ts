import { createServer } from "node:http";
import { AthenaClient, StartQueryExecutionCommand } from "@aws-sdk/client-athena";
import type { Context, SQSEvent } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { TrailEvent } from "../../lambdas/domain/evidence/trail-event.ts";
import { createObserver } from "../../lambdas/observer/observer.ts";
import { closeServer, listen } from "../../local/port.ts";
import { type AuditRoom, openAuditRoom } from "../audit/support/audit-room.ts";

const counted: string[] = [];
vi.mock("../../lambdas/operator-metrics.ts", () => ({ operatorMetrics: () => (name: string) => counted.push(name) }));

let room: AuditRoom;
let observer: ReturnType<typeof createObserver>;
beforeAll(async () => {
  room = await openAuditRoom();
  observer = createObserver({ ...room.environment, AWS_ENDPOINT_URL_DYNAMODB: room.tables.url });
}, 60_000);
afterAll(() => room?.stop());
beforeEach(() => {
  counted.length = 0;
  room.tables.mend();
});

const ACCOUNT = "arn:aws:sts::111122223333:assumed-role";
const roleArn = (path: string) => `arn:aws:iam::111122223333:role${path}`;
const auditor = {
  type: "AssumedRole",
  arn: `${ACCOUNT}/AWSReservedSSO_Auditors_0123/ada@example.com`,
  sessionContext: {
    sessionIssuer: { arn: roleArn("/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Auditors_0123") },
  },
};
/** Whoever acts as a role of this name and path. */
const roleCalled = (name: string, path: string) => ({
  type: "AssumedRole",
  arn: `${ACCOUNT}/${name}/session`,
  sessionContext: { sessionIssuer: { arn: roleArn(`${path}${name}`) } },
});

let count = 0;
/** An event as CloudTrail writes it, cut to what matters. */
const event = (change: Partial<TrailEvent>): TrailEvent => {
  count += 1;
  return {
    eventID: `00000000-0000-4000-8000-${String(count).padStart(12, "0")}`,
    eventTime: new Date(Math.floor(Date.now() / 1000) * 1000).toISOString().replace(".000", ""),
    eventSource: "s3.amazonaws.com",
    eventName: "GetObject",
    requestID: `request-${count}`,
    sourceIPAddress: "198.51.100.7",
    userAgent: "[aws-cli/2.30]",
    userIdentity: auditor,
    requestParameters: { bucketName: "masked", key: `transcripts/dt=2026-11-21/hh=10/object-${count}.jsonl.gz` },
    responseElements: null,
    ...change,
  };
};
const messages = (...events: TrailEvent[]): SQSEvent => {
  const Records = events.map((detail) => ({
    messageId: `m-${detail.eventID}`,
    body: JSON.stringify({ "detail-type": "AWS API Call via CloudTrail", detail }),
  }));
  return { Records } as unknown as SQSEvent;
};
const tell = (...events: TrailEvent[]) => observer(messages(...events), {} as Context);
const NONE = { batchItemFailures: [] };

describe("uses of the forensic key", () => {
  const decrypt = (change: Partial<TrailEvent> = {}) =>
    event({ eventSource: "kms.amazonaws.com", eventName: "Decrypt", requestParameters: null, ...change });
  const unexplained = (requestID = "") =>
    room.records("seal.unexplained").then((all) => all.filter(({ session }) => session === `unexplained-${requestID}`));

  test("one that a reveal's record explains raises nothing", async () => {
    await room.masked("seen", "s3cret");
    await room.reveal({ session: "seen" });
    const [opened] = await room.records("seal.opened");
    const requestID = opened?.session.replace("opening-", "") ?? "";
    expect(requestID).not.toBe("");
    expect(await tell(decrypt({ requestID }))).toEqual(NONE);
    expect(counted).toEqual([]);
    expect(await unexplained(requestID)).toEqual([]);
  });

  test("one that no record explains raises the alarm and is a record, once however often it is told", async () => {
    const used = decrypt();
    for (let times = 0; times < 2; times += 1) expect(await tell(used)).toEqual(NONE);
    expect(counted).toContain("SealsUnexplained");
    expect(await unexplained(used.requestID)).toMatchObject([
      {
        outcome: "opened",
        method: "kms:Decrypt",
        principal: { id: `aws|${auditor.arn}`, kind: "user", name: "ada@example.com" },
        source: { ip: "198.51.100.7", requestId: used.requestID },
      },
    ]);
  });

  test("even by the audit function's own role: whoever else runs as it writes no record", async () => {
    const used = decrypt({ userIdentity: roleCalled("AuditRole", "/countersign/writer/audit/") });
    await tell(used);
    expect(await unexplained(used.requestID)).toHaveLength(1);
  });

  test("a try that the key's policy refused raises it too", async () => {
    const tried = decrypt({ errorCode: "AccessDenied" });
    await tell(tried);
    expect(counted).toEqual(["SealsUnexplained"]);
    expect(await unexplained(tried.requestID)).toMatchObject([{ outcome: "refused", reason: "AccessDenied" }]);
  });

  test("one that cannot be looked up comes again, and raises nothing yet", async () => {
    const used = decrypt();
    room.tables.cut();
    expect(await tell(used)).toEqual({ batchItemFailures: [{ itemIdentifier: `m-${used.eventID}` }] });
    expect(counted).toEqual([]);
  });
});

describe("what the gateway's roles may, in other hands", () => {
  const iam = (
    eventName: string,
    requestParameters: TrailEvent["requestParameters"],
    change: Partial<TrailEvent> = {},
  ) => event({ eventSource: "iam.amazonaws.com", eventName, requestParameters, ...change });
  const told = async (one: TrailEvent) => {
    // What comes twice is told once.
    for (let times = 0; times < 2; times += 1) expect(await tell(one)).toEqual(NONE);
    return (await room.records("role.unexplained")).filter(({ source }) => source?.requestId === one.requestID);
  };

  test("a role that is made under their path is a record, and raises the alarm", async () => {
    const made = iam("CreateRole", { roleName: "x", path: "/countersign/writer/audit/" });
    expect(await told(made)).toMatchObject([
      {
        target: "/countersign/writer/audit/x",
        method: "iam:CreateRole",
        outcome: "done",
        reason: expect.stringMatching(/under the path/),
        principal: { name: "ada@example.com" },
      },
    ]);
    expect(counted).toContain("RolesUnexplained");
  });

  test("so is a change of who may take one, a try that was refused too", async () => {
    const name = "CountersignGateway-AuditRole0123-abc";
    const tried = iam(
      "UpdateAssumeRolePolicy",
      { roleName: name, policyDocument: "{}" },
      { errorCode: "AccessDenied" },
    );
    expect(await told(tried)).toMatchObject([{ target: name, outcome: "refused", reason: "AccessDenied" }]);
    expect(counted).toContain("RolesUnexplained");
  });

  test("and a signature of a role that is none of them", async () => {
    const keyId = "arn:aws:kms:eu-central-1:111122223333:key/signing";
    const userIdentity = roleCalled("x", "/countersign/writer/");
    const signed = event({
      eventSource: "kms.amazonaws.com",
      eventName: "Sign",
      requestParameters: { keyId },
      userIdentity,
    });
    expect(await told(signed)).toMatchObject([{ target: keyId, method: "kms:Sign", outcome: "done" }]);
    expect(counted).toContain("RolesUnexplained");
  });
});

describe("queries", () => {
  const athena = () =>
    new AthenaClient({
      endpoint: room.environment.AWS_ENDPOINT_URL,
      region: "us-east-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
  const started = (queryExecutionId: string) =>
    event({
      eventSource: "athena.amazonaws.com",
      eventName: "StartQueryExecution",
      requestParameters: { queryString: "***OMITTED***", workGroup: "countersign-auditors" },
      responseElements: { queryExecutionId },
    });

  test("are recorded with the text that Athena tells, masked, once", async () => {
    const secret = `ghp_${"a1B2c3D4e5F6g7H8i9J0".repeat(2).slice(0, 36)}`;
    const QueryString = `SELECT * FROM records WHERE reason = '${secret}'`;
    const { QueryExecutionId = "" } = await athena().send(
      new StartQueryExecutionCommand({ QueryString, ResultConfiguration: { OutputLocation: "s3://sealed/" } }),
    );
    const run = started(QueryExecutionId);
    await tell(run);
    expect(await tell(run)).toEqual(NONE);
    const told = await room.records("query.run");
    expect(told).toMatchObject([
      {
        target: "countersign-auditors",
        outcome: "started",
        session: `query-${QueryExecutionId}`,
        principal: { name: "ada@example.com" },
      },
    ]);
    expect(told[0]?.request?.text).toMatch(/^SELECT \* FROM records WHERE reason = '\[/);
    expect(JSON.stringify(told)).not.toContain(secret);
  });

  test("that Athena does not know any more are recorded without a text", async () => {
    // What Athena answers, where the emulator fails.
    const server = createServer((_, response) => {
      response.writeHead(400, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify({ __type: "InvalidRequestException", Message: "QueryExecution was not found" }));
    });
    const AWS_ENDPOINT_URL_ATHENA = `http://127.0.0.1:${await listen(server)}`;
    const forgetful = createObserver({ ...room.environment, AWS_ENDPOINT_URL_ATHENA });
    expect(await forgetful(messages(started("00000000-0000-4000-8000-00000000dead")), {} as Context)).toEqual(NONE);
    await closeServer(server);
    const [told] = (await room.records("query.run")).filter(({ session }) => session.endsWith("dead"));
    expect(told).toMatchObject({ outcome: "started" });
    expect(told?.request).toBeUndefined();
  });
});

describe("reads", () => {
  const reads = async (...events: TrailEvent[]) => {
    const before = new Set((await room.records("transcript.read")).map(({ id }) => id));
    expect(await tell(...events)).toEqual(NONE);
    return (await room.records("transcript.read")).filter(({ id }) => !before.has(id));
  };

  test.each([
    ["BatchExecuteStatement", { statements: [{ statement: "SELECT * FROM ledger" }] }],
    ["ExecuteTransaction", { transactStatements: [{ statement: "SELECT * FROM ledger" }] }],
    [
      "ExportTableToPointInTime",
      { tableArn: "arn:aws:dynamodb:us-east-1:111122223333:table/ledger", s3Bucket: "mine" },
    ],
  ])("of the ledger by %s are told of", async (eventName, requestParameters) => {
    const one = event({ eventSource: "dynamodb.amazonaws.com", eventName, requestParameters });
    expect(await reads(one)).toMatchObject([{ method: `dynamodb:${eventName}`, target: "ledger" }]);
  });

  test("of an object name it, its reader and where they were; told again it is the same record", async () => {
    const one = event({});
    expect(await reads(one)).toMatchObject([
      {
        outcome: "read",
        method: "s3:GetObject",
        target: `masked ${one.requestParameters?.key}`,
        principal: { issuer: "aws", name: "ada@example.com" },
      },
    ]);
    expect(await reads(one)).toEqual([]);
  });

  test("of a thousand objects are one record a reader that says how many and where", async () => {
    const many = Array.from({ length: 1000 }, (_, at) =>
      event({ requestParameters: { bucketName: "masked", key: `transcripts/dt=2026-11-21/hh=0${at % 2}/o${at}` } }),
    );
    const other = event({ userIdentity: { type: "IAMUser", arn: "arn:aws:iam::111122223333:user/bob" } });
    const [ada, bob, ...more] = await reads(...many, other, many[0] as TrailEvent);
    expect(more).toEqual([]);
    expect([ada?.reason, bob?.reason]).toContain(
      "1000 reads: masked transcripts/dt=2026-11-21/hh=00/ (500), masked transcripts/dt=2026-11-21/hh=01/ (500)",
    );
    expect([ada?.principal?.name, bob?.principal?.name].sort()).toEqual(["ada@example.com", "bob"]);
  });

  test("by a role that somebody made under the gateway's path are told like anybody's", async () => {
    const [told] = await reads(event({ userIdentity: roleCalled("x", "/countersign/plain/") }));
    expect(told).toMatchObject({ outcome: "read", principal: { id: `aws|${ACCOUNT}/x/session`, kind: "workload" } });
  });

  test("through Athena, of the ledger, and refused ones are told apart", async () => {
    const told = await reads(
      event({ userIdentity: { ...auditor, invokedBy: "athena.amazonaws.com" } }),
      event({ eventSource: "dynamodb.amazonaws.com", eventName: "Scan", requestParameters: { tableName: "ledger" } }),
      event({ errorCode: "AccessDenied", requestParameters: { bucketName: "sealed", key: "bodies/c/request" } }),
      event({ eventName: "PutObject" }),
    );
    expect(
      told.map(({ principal, target, outcome }) => [principal?.client, target?.split(" ")[0], outcome]).sort(),
    ).toEqual([
      ["", "ledger", "read"],
      ["", "sealed", "refused"],
      ["athena.amazonaws.com", "masked", "read"],
    ]);
  });

  test("that cannot be recorded come again, all of the reader's and nobody else's work", async () => {
    const [one, two] = [event({}), event({})];
    room.tables.cut();
    const ids = [one, two].map(({ eventID }) => ({ itemIdentifier: `m-${eventID}` }));
    expect(await tell(one, two)).toEqual({ batchItemFailures: ids });
  });
});
