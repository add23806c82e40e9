import { existsSync, readFileSync } from "node:fs";
import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { actionsOf, resource, resourcesOf, rightsOf, synthesize } from "./template.ts";

const { gateway } = synthesize();
const FUNCTIONS = [
  "Authorizer",
  "Refusals",
  "GatewayPrivate",
  "Approvals",
  "Leaver",
  "Audit",
  "Site",
  "Recorder",
  "Sweeper",
  "Archiver",
  "Exporter",
  "Observer",
  "Reconciler",
  "Holder",
  "Compactor",
  "Digester",
];
const text = (value: unknown) => JSON.stringify(value);

interface Route {
  readonly path: string;
  readonly verb: string;
  readonly authorization: string;
  readonly authorizer: unknown;
  readonly integration: Record<string, unknown>;
}

/** Every method with its whole path. */
function routes(): Route[] {
  const parts = resourcesOf(gateway, "AWS::ApiGateway::Resource");
  const pathOf = (id: string | undefined): string => {
    const part = id === undefined ? undefined : parts[id];
    if (part === undefined) return "";
    return `${pathOf((part.Properties.ParentId as { Ref?: string }).Ref)}/${String(part.Properties.PathPart)}`;
  };
  return Object.values(resourcesOf(gateway, "AWS::ApiGateway::Method")).map(({ Properties }) => ({
    path: pathOf((Properties.ResourceId as { Ref?: string }).Ref),
    verb: String(Properties.HttpMethod),
    authorization: String(Properties.AuthorizationType),
    authorizer: Properties.AuthorizerId,
    integration: Properties.Integration as Record<string, unknown>,
  }));
}

describe("routes", () => {
  const verified = [
    "ANY /mcp/everything",
    "ANY /mcp/ops",
    "ANY /mcp/{proxy+}",
    "GET /approvals",
    "GET /approvals/{id}",
    "GET /grants",
    "GET /holds",
    "GET /me",
  ];
  const all = [
    ...verified,
    "POST /access-requests",
    "POST /approvals/{id}/decision",
    "POST /approvals/{id}/reveal",
    "POST /approvals/{id}/withdraw",
    "POST /grants/{id}/end",
    "POST /principals/{id}/block",
    "POST /principals/{id}/unblock",
    "POST /servers/{id}/pins",
    "POST /holds",
    "POST /holds/{id}/lift",
    "POST /audit/quarantine",
    "POST /audit/reveal",
    "GET /.well-known/{proxy+}",
    "GET /console",
    "GET /console/{proxy+}",
  ];
  const isOpen = (path: string) => path.startsWith("/.well-known") || path.startsWith("/console");

  test("are exactly these", () => {
    expect(
      routes()
        .map(({ verb, path }) => `${verb} ${path}`)
        .sort(),
    ).toEqual(all.sort());
  });

  test("ask for a token everywhere but on the console's files and the metadata", () => {
    for (const { path, authorization, authorizer } of routes())
      if (isOpen(path)) expect([path, authorization, authorizer]).toEqual([path, "NONE", undefined]);
      else expect([path, authorization, authorizer]).toEqual([path, "CUSTOM", { Ref: expect.stringMatching(/^Api/) }]);
  });

  test("stream on the MCP paths for 15 minutes, and nowhere else", () => {
    for (const { path, integration } of routes()) {
      const streams = path.startsWith("/mcp/");
      expect([path, integration.ResponseTransferMode]).toEqual([path, streams ? "STREAM" : undefined]);
      expect(text(integration.Uri)).toContain(streams ? "/response-streaming-invocations" : "/invocations");
      if (streams) {
        expect(integration.TimeoutInMillis).toBe(900_000);
        expect(text(integration.Uri)).toContain("GatewayPrivate");
      }
    }
  });

  test("no stream is kept open unless a server pushes: there is no listener, and the gateway answers a GET", () => {
    const functions = Object.keys(resourcesOf(gateway, "AWS::Lambda::Function"));
    expect(functions.filter((id) => id.startsWith("Listener"))).toEqual([]);
    expect(routes().filter(({ path, verb }) => path.startsWith("/mcp/") && verb !== "ANY")).toEqual([]);
  });

  test("bodies arrive as bytes, and the API's own domain is closed when there is a public URL", () => {
    expect(resource(gateway, "AWS::ApiGateway::RestApi", "Api").Properties).toMatchObject({
      BinaryMediaTypes: ["*/*"],
      DisableExecuteApiEndpoint: true,
      EndpointConfiguration: { Types: ["REGIONAL"] },
    });
    gateway.hasResourceProperties("AWS::ApiGateway::DomainName", { DomainName: "countersign.example.com" });
  });

  test("take no more than half of what an account has, so that a flood leaves its other APIs the rest", () => {
    const { MethodSettings } = resource(gateway, "AWS::ApiGateway::Stage", "Api").Properties;
    expect(MethodSettings).toContainEqual(
      expect.objectContaining({
        HttpMethod: "*",
        ResourcePath: "/*",
        ThrottlingRateLimit: 5_000,
        ThrottlingBurstLimit: 2_500,
      }),
    );
    gateway.hasResourceProperties("AWS::ApiGateway::GatewayResponse", {
      ResponseType: "THROTTLED",
      StatusCode: "429",
      ResponseParameters: { "gatewayresponse.header.Retry-After": "'1'" },
      ResponseTemplates: {
        "application/json": Match.stringLikeRegexp('^\\{"jsonrpc":"2.0","id":null,"error":\\{"code":4010,'),
      },
    });
  });

  test("the authorizer's identity is the Authorization header, and its answer is kept for five minutes", () => {
    gateway.hasResourceProperties("AWS::ApiGateway::Authorizer", {
      Type: "REQUEST",
      IdentitySource: "method.request.header.Authorization",
      AuthorizerResultTtlInSeconds: 300,
    });
  });

  test("a share of the requests is traced, and not all of a quiet gateway's", () => {
    const [rule] = Object.values(resourcesOf(gateway, "AWS::XRay::SamplingRule"));
    expect(rule?.Properties.SamplingRule).toMatchObject({
      RuleName: expect.stringMatching(/^.{1,32}$/),
      ServiceType: "AWS::ApiGateway::Stage",
      ServiceName: "countersign/live",
      FixedRate: 0.05,
      ReservoirSize: 0,
      Version: 1,
    });
  });

  test("a refused request is told where to sign in", () => {
    const metadata = `'Bearer resource_metadata="https://countersign.example.com/.well-known/oauth-protected-resource"'`;
    for (const type of ["UNAUTHORIZED", "ACCESS_DENIED"])
      gateway.hasResourceProperties("AWS::ApiGateway::GatewayResponse", {
        ResponseType: type,
        ResponseParameters: { "gatewayresponse.header.WWW-Authenticate": metadata },
      });
  });

  test("a token that cannot be checked is answered with 503 and a time to come back, never with a challenge", () => {
    for (const type of ["AUTHORIZER_FAILURE", "AUTHORIZER_CONFIGURATION_ERROR"]) {
      const [answer] = Object.values(resourcesOf(gateway, "AWS::ApiGateway::GatewayResponse")).filter(
        ({ Properties }) => Properties.ResponseType === type,
      );
      expect(answer?.Properties).toMatchObject({
        StatusCode: "503",
        ResponseParameters: { "gatewayresponse.header.Retry-After": "'30'" },
      });
      expect(text(answer?.Properties)).not.toContain("WWW-Authenticate");
      expect(answer?.Properties.ResponseTemplates).toEqual({
        "application/json": expect.stringMatching(/^\{"jsonrpc":"2.0","id":null,"error":\{"code":-32603,/),
      });
    }
  });

  test("a genuine token that names nobody is answered with the authorizer's reason", () => {
    gateway.hasResourceProperties("AWS::ApiGateway::GatewayResponse", {
      ResponseType: "ACCESS_DENIED",
      ResponseTemplates: {
        "application/json": JSON.stringify({
          message: "This token is not accepted here",
          why: "$context.authorizer.why",
        }),
      },
    });
  });
});

describe("rights", () => {
  const granted = (name: string) => rightsOf(gateway, name).flatMap(actionsOf).sort();
  const forensic = (name: string) =>
    rightsOf(gateway, name)
      .filter(({ Resource }) => text(Resource).includes("ForensicKey"))
      .flatMap(actionsOf);

  test("only audit may open seals; the gateway may only make them; nobody else knows the key", () => {
    expect(Object.fromEntries(FUNCTIONS.map((name) => [name, forensic(name)]))).toEqual({
      Authorizer: [],
      Refusals: [],
      GatewayPrivate: ["kms:GenerateDataKey"],
      Approvals: [],
      Leaver: [],
      // It makes one too, for an original that masking had missed.
      Audit: ["kms:Decrypt", "kms:GenerateDataKey"],
      Site: [],
      Recorder: [],
      Sweeper: [],
      Archiver: [],
      Exporter: [],
      Observer: [],
      Reconciler: [],
      Holder: [],
      Compactor: [],
      Digester: [],
    });
  });

  test("who appends may sign, and so may the digester; nobody else", () => {
    const signing = FUNCTIONS.filter((name) => granted(name).includes("kms:Sign"));
    expect(signing).toEqual([
      "Refusals",
      "GatewayPrivate",
      "Approvals",
      "Leaver",
      "Audit",
      "Recorder",
      "Sweeper",
      "Exporter",
      "Observer",
      "Reconciler",
      "Digester",
    ]);
  });

  test("archiver and digester touch nothing of the ledger's table but the manifest", () => {
    const ofLedger = (name: string) =>
      rightsOf(gateway, name).filter(
        ({ Resource }) => text(Resource).includes("Ledger") && !text(Resource).includes("Stream"),
      );
    const onlyManifest = { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": "manifest#*" } };
    expect(ofLedger("Digester")).toMatchObject([{ Action: "dynamodb:Query", Condition: onlyManifest }]);
    expect(ofLedger("Archiver").filter(({ Action }) => Action !== "dynamodb:ListStreams")).toMatchObject([
      { Action: "dynamodb:PutItem", Condition: onlyManifest },
    ]);
  });

  test("the digester writes digests and keys to the masked vault, and nothing to the sealed one", () => {
    const [puts, ...more] = rightsOf(gateway, "Digester").filter((entry) => actionsOf(entry).includes("s3:PutObject"));
    expect(more).toEqual([]);
    expect(text(puts?.Resource)).toMatch(/MaskedVault.*\/digests\/\*.*MaskedVault.*\/keys\/\*/);
    expect(text(puts?.Resource)).not.toContain("SealedVault");
  });

  test("the holder alone holds, in the vaults and nowhere else, and neither writes, deletes nor opens anything", () => {
    for (const name of FUNCTIONS) expect(granted(name).includes("s3:PutObjectLegalHold"), name).toBe(name === "Holder");
    expect([...new Set(granted("Holder"))].sort()).toEqual([
      "dynamodb:Query",
      "dynamodb:UpdateItem",
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "s3:GetObject",
      "s3:GetObjectLegalHold",
      "s3:ListBucket",
      "s3:ListBucketVersions",
      "s3:PutObjectLegalHold",
    ]);
    const updates = rightsOf(gateway, "Holder").find((entry) => actionsOf(entry).includes("dynamodb:UpdateItem"));
    expect(updates?.Condition).toEqual({ "ForAllValues:StringLike": { "dynamodb:LeadingKeys": "holds" } });
  });

  test("the compactor writes and deletes in its own bucket alone, and runs statements in its own workgroup", () => {
    for (const statement of rightsOf(gateway, "Compactor")) {
      const where = text(statement.Resource);
      if (actionsOf(statement).some((action) => /^s3:(Put|Delete|Abort)/.test(action))) {
        expect(where).toContain("Compacted");
        expect(where).not.toContain("Vault");
      }
      if (actionsOf(statement).some((action) => action.startsWith("athena:")))
        expect(where).toContain("workgroup/countersign-compaction");
    }
  });

  test("site and authorizer may do nothing but write to their dead-letter queue", () => {
    for (const name of ["Site", "Authorizer"]) {
      expect(granted(name)).toEqual(["kms:Decrypt", "kms:GenerateDataKey"]);
      for (const { Resource } of rightsOf(gateway, name)) expect(text(Resource)).toContain("LogKey");
    }
  });

  test("what records refusals appends, and does nothing else", () => {
    expect([...new Set(granted("Refusals"))].sort()).toEqual([
      "dynamodb:PutItem",
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "kms:Sign",
    ]);
  });

  test("the gateway: append, count, ask for approval, large bodies, data keys, secrets", () => {
    expect([...new Set(granted("GatewayPrivate"))]).toEqual([
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:UpdateItem",
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "kms:Sign",
      "s3:GetObject",
      "s3:PutObject",
      "secretsmanager:GetSecretValue",
    ]);
  });

  test("nobody updates or deletes in the ledger", () => {
    for (const name of FUNCTIONS)
      for (const statement of rightsOf(gateway, name))
        if (text(statement.Resource).includes("Ledger") && !text(statement.Resource).includes("Stream"))
          for (const action of actionsOf(statement))
            expect(["dynamodb:PutItem", "dynamodb:Query", "dynamodb:ListStreams"]).toContain(action);
  });

  test("no right is a wildcard action", () => {
    for (const { Properties } of Object.values(resourcesOf(gateway, "AWS::IAM::ManagedPolicy")))
      expect(text(Properties.PolicyDocument)).not.toMatch(/"Action":\s*"[^"]*\*|"[a-z0-9]+:[A-Za-z]*\*"/);
  });

  test("roles that append stand on the path that the ledger lets in, and no others", () => {
    const paths = FUNCTIONS.map((name) => [name, resource(gateway, "AWS::IAM::Role", `${name}Role`).Properties.Path]);
    expect(Object.fromEntries(paths)).toEqual({
      Authorizer: "/countersign/plain/",
      Refusals: "/countersign/writer/",
      GatewayPrivate: "/countersign/writer/",
      Approvals: "/countersign/writer/",
      Leaver: "/countersign/writer/",
      Audit: "/countersign/writer/audit/",
      Site: "/countersign/plain/",
      Recorder: "/countersign/writer/",
      Sweeper: "/countersign/writer/",
      Archiver: "/countersign/writer/",
      Exporter: "/countersign/writer/",
      Observer: "/countersign/writer/",
      Reconciler: "/countersign/writer/",
      Holder: "/countersign/holder/",
      Compactor: "/countersign/plain/",
      Digester: "/countersign/digester/",
    });
  });

  test("refusals reach their recorder from the authorizer's log and from the access log, which hold no word of a client", () => {
    const filters = Object.values(resourcesOf(gateway, "AWS::Logs::SubscriptionFilter")).map(({ Properties }) => [
      text(Properties.LogGroupName)
        .replaceAll(/[^A-Za-z]|Ref/g, "")
        .replace(/[A-F]+$/, ""),
      Properties.FilterPattern,
    ]);
    expect(filters.map(([, pattern]) => pattern).sort()).toEqual([
      '{ $.message = "a token was refused" }',
      '{ ($.status = "401") || ($.status = "403") }',
    ]);
    expect(text(filters)).toMatch(/ApiAccessLog/);
    expect(text(filters)).toMatch(/AuthorizerLog/);
    const { Format } = resource(gateway, "AWS::ApiGateway::Stage", "Api").Properties.AccessLogSetting as {
      readonly Format: string;
    };
    expect(Object.keys(JSON.parse(Format))).toEqual(
      expect.arrayContaining(["status", "ip", "requestId", "authorizerLatency", "integrationStatus", "responseType"]),
    );
    expect(Format).not.toMatch(/userAgent|\$context\.path|authorizer\.p|header/);
  });

  test("a function is made after its rights", () => {
    for (const name of FUNCTIONS) {
      const { DependsOn } = resource(gateway, "AWS::Lambda::Function", name);
      expect(DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(`^${name}Rights`)]));
    }
  });

  test("there is no inline policy", () => expect(resourcesOf(gateway, "AWS::IAM::Policy")).toEqual({}));
});

describe("functions", () => {
  /** Called by the ledger's stream several times a second: nobody before them decides what is traced. */
  const UNTRACED = ["Archiver", "Exporter"];

  test.each(FUNCTIONS)("%s runs Node 24 on arm64, traced, with its own log and kept concurrency", (name) => {
    const { Properties } = resource(gateway, "AWS::Lambda::Function", name);
    expect(Properties).toMatchObject({
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      TracingConfig: { Mode: UNTRACED.includes(name) ? "PassThrough" : "Active" },
      LoggingConfig: {
        LogGroup: { Ref: expect.stringMatching(`^${name}Log`) },
        LogFormat: "JSON",
        SystemLogLevel: "WARN",
      },
    });
    expect(Properties.ReservedConcurrentExecutions).toBeGreaterThan(0);
  });

  test("only the gateway is in the VPC, which has no way out", () => {
    const inside = FUNCTIONS.filter((name) => resource(gateway, "AWS::Lambda::Function", name).Properties.VpcConfig);
    expect(inside).toEqual(["GatewayPrivate"]);
    for (const way of ["InternetGateway", "NatGateway", "Route"])
      expect(resourcesOf(gateway, `AWS::EC2::${way}`)).toEqual({});
  });

  test("the endpoints let through what the gateway may do, for this account alone", () => {
    const endpoints = Object.values(resourcesOf(gateway, "AWS::EC2::VPCEndpoint"));
    expect(endpoints).toHaveLength(4);
    for (const { Properties } of endpoints) {
      const document = Properties.PolicyDocument as { Statement: { Action: unknown; Condition: unknown }[] };
      expect(document.Statement.length).toBeGreaterThan(0);
      for (const { Action, Condition } of document.Statement) {
        expect(text(Action)).not.toContain("*");
        expect(Condition).toEqual({ StringEquals: { "aws:PrincipalAccount": { Ref: "AWS::AccountId" } } });
      }
    }
  });
});

describe("the sweeper", () => {
  test("runs each minute, one at a time, and is not repeated", () => {
    const { Properties } = resource(gateway, "AWS::Events::Rule", "SweeperSchedule");
    expect(Properties).toMatchObject({ ScheduleExpression: "rate(1 minute)", State: "ENABLED" });
    expect(text(Properties.Targets)).toContain("Sweeper");
    const lambda = resource(gateway, "AWS::Lambda::Function", "Sweeper").Properties;
    expect(lambda.ReservedConcurrentExecutions).toBe(1);
    expect(lambda.Timeout).toBeLessThan(60);
    gateway.hasResourceProperties("AWS::Lambda::EventInvokeConfig", { MaximumRetryAttempts: 0 });
  });

  test("deletes and puts nothing in the approvals table but minutes of mails and counts of addresses", () => {
    const conditionOf = (action: string) =>
      rightsOf(gateway, "Sweeper")
        .filter((statement) => actionsOf(statement).includes(action) && text(statement.Resource).includes("Approvals"))
        .map(({ Condition }) => Condition);
    const leading = (pattern: string) => ({ "ForAllValues:StringLike": { "dynamodb:LeadingKeys": pattern } });
    expect(conditionOf("dynamodb:DeleteItem")).toEqual([leading("mail#*")]);
    expect(conditionOf("dynamodb:PutItem")).toEqual([leading("approvers#*")]);
  });
});

test("the reconciler runs each quarter of an hour, one at a time, and is not repeated", () => {
  const { Properties } = resource(gateway, "AWS::Events::Rule", "ReconcilerSchedule");
  expect(Properties).toMatchObject({ ScheduleExpression: "cron(3,18,33,48 * * * ? *)", State: "ENABLED" });
  expect(text(Properties.Targets)).toContain("Reconciler");
  expect(resource(gateway, "AWS::Lambda::Function", "Reconciler").Properties.ReservedConcurrentExecutions).toBe(1);
});

test("the digester runs some minutes after each hour, one at a time, and is not repeated", () => {
  const { Properties } = resource(gateway, "AWS::Events::Rule", "DigesterSchedule");
  expect(Properties).toMatchObject({ ScheduleExpression: "cron(5 * * * ? *)", State: "ENABLED" });
  expect(text(Properties.Targets)).toContain("Digester");
  expect(resource(gateway, "AWS::Lambda::Function", "Digester").Properties).toMatchObject({
    ReservedConcurrentExecutions: 1,
    Timeout: 900,
  });
});

describe("streams", () => {
  const mapping = (name: string) => resource(gateway, "AWS::Lambda::EventSourceMapping", name).Properties;

  test.each(["Recorder", "Archiver", "Exporter"])(
    "%s splits what fails, repeats finitely, and answers for single records",
    (name) => {
      expect(mapping(name)).toMatchObject({
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 20,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        StartingPosition: "TRIM_HORIZON",
      });
    },
  );

  test("a batch that cannot be archived goes whole to a bucket, a failed change to the queue", () => {
    expect(text(mapping("Archiver").DestinationConfig)).toContain("Unarchived");
    expect(text(mapping("Recorder").DestinationConfig)).toContain("DeadLetters");
    expect(text(mapping("Exporter").DestinationConfig)).toContain("ExportDeadLetters");
  });

  test("the exporter reads the ledger's stream, writes to the bus and its own queue, appends what it sees tampered, and does nothing else", () => {
    const granted = rightsOf(gateway, "Exporter").map((entry) => [actionsOf(entry).join(), text(entry.Resource)]);
    const on = (action: string) => granted.filter(([actions]) => actions?.includes(action)).map(([, where]) => where);
    expect(on("events:PutEvents")).toEqual([expect.stringMatching(/ExportBus/)]);
    expect(on("sqs:SendMessage")).toEqual([expect.stringMatching(/ExportDeadLetters/)]);
    expect(on("dynamodb:GetRecords")).toEqual([expect.stringMatching(/LedgerStream|Ledger.*StreamArn/)]);
    expect(granted.some(([actions]) => /s3:|dynamodb:(Query|GetItem)/.test(actions ?? ""))).toBe(false);
  });

  test("the archiver gathers for half a minute, the exporter for a second", () => {
    expect(mapping("Archiver")).toMatchObject({ BatchSize: 500, MaximumBatchingWindowInSeconds: 30 });
    expect(mapping("Exporter")).toMatchObject({ BatchSize: 100, MaximumBatchingWindowInSeconds: 1 });
  });

  test("the bus is encrypted with a key of its own account", () => {
    gateway.hasResourceProperties("AWS::Events::EventBus", { KmsKeyIdentifier: Match.anyValue() });
  });
});

describe("approval flow", () => {
  const { Properties } = resource(gateway, "AWS::StepFunctions::StateMachine", "ApprovalFlow");
  const definition = (Properties.DefinitionString as { "Fn::Join": [string, unknown[]] })["Fn::Join"][1]
    .map((part) => (typeof part === "string" ? part : "approvals"))
    .join("");
  const { States } = JSON.parse(definition) as {
    States: Record<string, { Type: string; Comment: string; Resource?: string; Parameters?: Record<string, unknown> }>;
  };

  test("is a traced Standard machine that logs everything but the data", () => {
    expect(Properties).toMatchObject({
      StateMachineType: "STANDARD",
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: "ALL", IncludeExecutionData: false },
    });
  });

  test("every state says what it does, and every write to the row asks for PENDING", () => {
    const writes = Object.values(States).filter(({ Resource }) => Resource?.includes("dynamodb:updateItem"));
    const ofRow = writes.filter(({ Parameters }) => text(Parameters?.Key).includes('"$.pk"'));
    expect(ofRow).toHaveLength(6);
    for (const { Parameters } of ofRow) expect(Parameters?.ConditionExpression).toBe("#status = :pending");
    for (const { Comment } of Object.values(States)) expect(Comment).toMatch(/\w{3}/);
  });

  test("whatever it writes elsewhere is the minute's mails of a group", () => {
    const others = Object.values(States).filter(
      ({ Resource, Parameters }) =>
        Resource?.includes("dynamodb:updateItem") && !text(Parameters?.Key).includes('"$.pk"'),
    );
    expect(others).toHaveLength(3);
    for (const { Parameters } of others)
      expect(text(Parameters?.Key)).toMatch(/States\.Format\('mail#\{\}', \$\.(escalationG|g)roup\)/);
  });

  test("its token is stored in the row and never mailed", () => {
    for (const { Resource, Parameters } of Object.values(States))
      expect([Resource, text(Parameters)?.includes("$$.Task.Token") ?? false]).toEqual([
        Resource,
        Resource?.endsWith(".waitForTaskToken") ?? false,
      ]);
  });

  test("a mail that SNS cannot hand over is kept among the dead letters", () => {
    for (const { Properties } of Object.values(resourcesOf(gateway, "AWS::SNS::Subscription")))
      expect(text(Properties.RedrivePolicy)).toMatch(/deadLetterTargetArn.*DeadLetters/);
  });

  test("each approver group has an encrypted topic that mails its people", () => {
    const mails = Object.values(resourcesOf(gateway, "AWS::SNS::Subscription")).map(
      (entry) => entry.Properties.Endpoint,
    );
    expect(mails.sort()).toEqual(["platform-approvers@example.com", "security-oncall@example.com"]);
    for (const topic of Object.values(resourcesOf(gateway, "AWS::SNS::Topic")))
      expect(topic.Properties.KmsMasterKeyId).toBeDefined();
  });
});

describe("alarms", () => {
  const alarms = Object.values(resourcesOf(gateway, "AWS::CloudWatch::Alarm"));

  test("each names a section of the runbook that exists, and tells somebody", () => {
    expect(existsSync("docs/runbook.md")).toBe(true);
    const sections = [...readFileSync("docs/runbook.md", "utf8").matchAll(/^## (.+)$/gm)].map(([, title = ""]) =>
      title.toLowerCase().replaceAll(" ", "-"),
    );
    for (const { Properties } of alarms) {
      expect(sections).toContain(String(Properties.AlarmDescription).split("docs/runbook.md#")[1]);
      expect(Properties.AlarmActions).toHaveLength(1);
    }
  });

  test("watch every function, every consumer of a stream, the dead letters, the flow, and evidence that could not be written", () => {
    const OWN = [
      "DeadLetters",
      "FlowFailed",
      "Evidence",
      "RequestsFailed",
      "BreakGlass",
      "Refused",
      "Unanswered",
      "Mended",
      "Missing",
      "Silent",
      "Digest",
      "Altered",
      "ToolsChanged",
      "ExportFailed",
      "ReconcilerSilent",
      "HolderSilent",
      "RequestsUnrecorded",
      "RecordsUnarchived",
      "Unresolved",
      "Tampered",
      "SealUnexplained",
      "RoleUnexplained",
      "IssuerUnavailable",
    ];
    expect(alarms).toHaveLength(FUNCTIONS.length * 2 + 3 + OWN.length + 1);
  });

  test("tell of answers of 5xx, whoever gave them: an authorizer that cannot begin counts nothing itself", () => {
    const [answers, ...more] = alarms.filter(({ Properties }) => Properties.MetricName === "5XXError");
    expect(more).toEqual([]);
    expect(answers?.Properties).toMatchObject({
      Namespace: "AWS/ApiGateway",
      Statistic: "Sum",
      Threshold: 1,
      Period: 300,
    });
    expect(text(answers?.Properties.Dimensions)).toContain("ApiName");
  });

  test("tell of break-glass, floods, mended flows and missing approvers at the first time", () => {
    const watched = alarms.filter(({ Properties }) => Properties.Namespace === "Countersign");
    const named = watched.map(({ Properties: { MetricName, Dimensions, Threshold, ComparisonOperator } }) => [
      MetricName,
      (Dimensions as { Value: string }[]).map(({ Value }) => Value).join(),
      Threshold,
      ComparisonOperator,
    ]);
    const atFirst = (name: string, service: string) => [name, service, 1, "GreaterThanOrEqualToThreshold"];
    expect(named.sort()).toEqual([
      atFirst("ApprovalFlowsMended", "sweeper"),
      atFirst("ApprovalsRefused", "gateway"),
      atFirst("ApprovalsUnanswered", "recorder"),
      atFirst("ApproversMissing", "sweeper"),
      atFirst("AuthorizerFailed", "authorizer"),
      atFirst("BreakGlassUsed", "gateway"),
      atFirst("CallsUnresolved", "reconciler"),
      ["DigestsWritten", "digester", 1, "LessThanThreshold"],
      atFirst("EvidenceAltered", "digester"),
      atFirst("EvidenceFailures", "every"),
      atFirst("IssuerUnavailable", "authorizer"),
      atFirst("LedgerTampered", "exporter"),
      atFirst("RecordsUnarchived", "reconciler"),
      atFirst("RequestsFailed", "every"),
      atFirst("RequestsUnrecorded", "reconciler"),
      atFirst("RolesUnexplained", "observer"),
      atFirst("SealsUnexplained", "observer"),
      atFirst("ToolsChanged", "gateway"),
    ]);
  });

  test("tell when sweeper, reconciler or holder do not run at all, and when two hours have no digest", () => {
    const breaching = alarms.filter(({ Properties }) => Properties.TreatMissingData === "breaching");
    const isDigest = ({ Properties }: (typeof breaching)[number]) => Properties.MetricName === "DigestsWritten";
    expect(breaching.find(isDigest)?.Properties).toMatchObject({ Period: 3600, EvaluationPeriods: 2 });
    const silent = breaching.filter((alarm) => !isDigest(alarm)).map(({ Properties }) => Properties);
    for (const properties of silent)
      expect(properties).toMatchObject({ ComparisonOperator: "LessThanThreshold", MetricName: "Invocations" });
    expect(
      silent.map(({ Dimensions, Period }) => [/Sweeper|Reconciler|Holder/.exec(text(Dimensions))?.[0], Period]),
    ).toEqual([
      ["Sweeper", 300],
      ["Reconciler", 3600],
      ["Holder", 3600],
    ]);
  });
});
