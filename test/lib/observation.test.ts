import { describe, expect, test } from "vitest";
import { actionsOf, configWith, resource, resourcesOf, rightsOf, statementsOf, synthesize } from "./template.ts";

const { evidence, gateway } = synthesize();
const text = (value: unknown) => JSON.stringify(value);

const trailOf = (stack: typeof evidence) => resource(stack, "AWS::CloudTrail::Trail", "AccessTrail").Properties;

describe("the trail of the evidence", () => {
  const trail = trailOf(evidence);

  test("logs reads of both vaults and the ledger, and the requests by which queries run and keys are used", () => {
    const selectors = trail.AdvancedEventSelectors as {
      FieldSelectors: { Field: string; Equals?: string[]; StartsWith?: unknown[] }[];
    }[];
    const fields = selectors.map(({ FieldSelectors }) =>
      Object.fromEntries(FieldSelectors.map(({ Field, Equals, StartsWith }) => [Field, Equals ?? StartsWith])),
    );
    expect(fields).toEqual([
      { eventCategory: ["Management"] },
      {
        eventCategory: ["Data"],
        "resources.type": ["AWS::S3::Object"],
        readOnly: ["true"],
        "resources.ARN": [expect.anything(), expect.anything()],
      },
      {
        eventCategory: ["Data"],
        "resources.type": ["AWS::DynamoDB::Table"],
        readOnly: ["true"],
        "resources.ARN": [expect.anything()],
      },
    ]);
    expect(text(fields[1])).toMatch(/MaskedVault.*SealedVault/);
    expect(text(fields[2])).toContain("Ledger");
    expect(trail.IsLogging).toBe(true);
  });

  test("is encrypted, signed, and lies where CloudTrail alone writes for this trail", () => {
    expect(trail).toMatchObject({ EnableLogFileValidation: true, KMSKeyId: expect.anything() });
    const policy = resource(evidence, "AWS::S3::BucketPolicy", "AccessTrailBucket").Properties.PolicyDocument;
    const allowed = statementsOf(policy).filter(({ Effect }) => Effect === "Allow");
    expect(allowed.flatMap(actionsOf).sort()).toEqual(["s3:GetBucketAcl", "s3:PutObject"]);
    for (const { Condition } of allowed) expect(text(Condition)).toMatch(/aws:SourceArn.*trail\/countersign-access/);
  });

  test("is not made where the account's own trail is said to log all that", () => {
    const { evidence: other } = synthesize(configWith({ "trail: own": "trail: account" }));
    expect(resourcesOf(other, "AWS::CloudTrail::Trail")).toEqual({});
  });
});

describe("what the observer hears of", () => {
  const rules = Object.entries(resourcesOf(gateway, "AWS::Events::Rule")).filter(([id]) =>
    id.startsWith("Observation"),
  );
  const rule = (name: string) => {
    const found = rules.find(([id]) => id.startsWith(`Observation${name}`))?.[1];
    if (found === undefined) throw new Error(`there is no rule ${name}`);
    return found.Properties as { EventPattern: { detail: Record<string, unknown> }; State: string };
  };

  test("are these seven, and each goes to its queue", () => {
    expect(rules).toHaveLength(7);
    for (const [, { Properties }] of rules) {
      expect(Properties.EventPattern).toMatchObject({ "detail-type": ["AWS API Call via CloudTrail"] });
      expect(text(Properties.Targets)).toContain("ObservationQueue");
    }
  });

  test("uses of the forensic key come although CloudTrail counts them as reads; whoever used it, the gateway too", () => {
    const { State, EventPattern } = rule("KeyUsed");
    expect(State).toBe("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS");
    expect(EventPattern.detail).toEqual({ eventName: ["Decrypt"], resources: { ARN: [expect.anything()] } });
    expect(text(EventPattern.detail)).toContain("ForensicKey");
  });

  test("an export of the ledger comes, whoever made it", () => {
    expect(rule("LedgerExported").EventPattern.detail).toEqual({
      eventName: ["ExportTableToPointInTime"],
      requestParameters: { tableArn: [expect.anything()] },
    });
  });

  test.each(["ObjectsRead", "LedgerRead", "EvidenceSigned"])(
    "%s leaves out the roles that are deployed, each by the id that IAM gave it, and no other under their path",
    (name) => {
      const { $or } = rule(name).EventPattern.detail as { $or: unknown[] };
      const issuer = (id: unknown) => ({ userIdentity: { sessionContext: { sessionIssuer: { principalId: [id] } } } });
      // Those of functions: no other of the gateway's has a right to read the evidence.
      const own = Object.entries(resourcesOf(gateway, "AWS::IAM::Role")).filter(([, { Properties }]) =>
        text(Properties.AssumeRolePolicyDocument).includes("lambda.amazonaws.com"),
      );
      expect(own.length).toBeGreaterThan(15);
      const ids = own.map(([id]) => ({ "Fn::GetAtt": [id, "RoleId"] }));
      expect($or).toEqual([issuer({ exists: false }), issuer({ "anything-but": expect.arrayContaining(ids) })]);
      expect(text($or).match(/RoleId/g)).toHaveLength(ids.length);
    },
  );

  test("the roles by which S3 copies the vaults are among them, though another stack makes them", () => {
    const copies = (name: string) =>
      `{ bucketArn: "arn:aws:s3:::${name}", keyArn: "arn:aws:kms:eu-central-1:444455556666:key/${name}" }`;
    const replication = `replication:\n  account: "444455556666"\n  masked: ${copies("masked")}\n  sealed: ${copies("sealed")}`;
    const { gateway: replicated } = synthesize(configWith({ "\nretention:": `\n${replication}\n\nretention:` }));
    const pattern = text(resource(replicated, "AWS::Events::Rule", "ObservationObjectsRead").Properties.EventPattern);
    expect(pattern.match(/ReplicaRole\w*RoleId/g)).toHaveLength(2);
  });

  test("signatures come although CloudTrail counts them as reads", () => {
    const { State, EventPattern } = rule("EvidenceSigned");
    expect(State).toBe("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS");
    expect(EventPattern.detail).toMatchObject({ eventName: ["Sign"], resources: { ARN: [expect.anything()] } });
    expect(text(EventPattern.detail.resources)).toContain("SigningKey");
  });

  test("a role under the gateway's path, and a change of who may take one, come whoever it was", () => {
    expect(rule("RolesMade").EventPattern).toMatchObject({
      source: ["aws.iam"],
      detail: {
        $or: [
          { eventName: ["CreateRole"], requestParameters: { path: [{ prefix: "/countersign/" }] } },
          {
            eventName: ["UpdateAssumeRolePolicy"],
            requestParameters: { roleName: [{ prefix: "CountersignGateway-" }, { prefix: "CountersignEvidence-" }] },
          },
        ],
      },
    });
    expect(trailOf(evidence).IncludeGlobalServiceEvents).toBe(true);
  });

  test("no rule's pattern is longer than EventBridge takes, with ids and names in the place of references", () => {
    const NAME = `"${"x".repeat(75)}"`;
    for (const [id, { Properties }] of rules) {
      const pattern = text(Properties.EventPattern)
        .replace(/\{"Fn::GetAtt":\["\w+","RoleId"\]\}/g, `"${"A".repeat(21)}"`)
        .replace(
          /\{"Fn::GetStackOutput":\{"StackName":"\w+","Region":\{"Ref":"AWS::Region"\},"OutputName":"\w+"\}\}/g,
          NAME,
        );
      expect(pattern, id).not.toMatch(/"Fn::|"Ref"/);
      expect(pattern.length, id).toBeLessThan(2048);
    }
  });

  test("the observer appends, looks up what explains a use of the key, asks for a query's text, and does nothing else", () => {
    const rights = rightsOf(gateway, "Observer");
    expect([...new Set(rights.flatMap(actionsOf))].sort()).toEqual([
      "athena:GetQueryExecution",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "kms:Sign",
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
    ]);
    const query = rights.find((right) => actionsOf(right).includes("dynamodb:Query"));
    expect(query?.Condition).toEqual({ "ForAllValues:StringLike": { "dynamodb:LeadingKeys": "opening-*" } });
  });

  test("waits a minute, comes back where it could not be recorded, and is kept for good when it never can", () => {
    const queue = resource(gateway, "AWS::SQS::Queue", "ObservationQueue").Properties;
    expect(queue).toMatchObject({ DelaySeconds: 60, RedrivePolicy: { maxReceiveCount: 5 } });
    expect(text(queue.RedrivePolicy)).toContain("DeadLetters");
    const [mapping] = Object.entries(resourcesOf(gateway, "AWS::Lambda::EventSourceMapping")).filter(([id]) =>
      id.startsWith("Observer"),
    );
    expect(mapping?.[1].Properties).toMatchObject({ FunctionResponseTypes: ["ReportBatchItemFailures"] });
  });
});
