import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { createApp } from "../../lib/app.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { NistPack, SolutionsPack } from "../../lib/rule-packs.ts";
import { configWith, resource, resourcesOf, statementsOf, synthesize } from "./template.ts";

const vault = (name: string) =>
  `{ bucketArn: "arn:aws:s3:::${name}", keyArn: "arn:aws:kms:eu-west-1:999988887777:key/11111111-2222-3333-4444-555555555555" }`;
const with_ = (account: string) =>
  configWith({
    "\nretention:": `\nreplication:\n  account: "${account}"\n  masked: ${vault("log-archive-masked")}\n  sealed: ${vault("log-archive-sealed")}\n\nretention:`,
  });

describe("vaults that are copied to a log archive", () => {
  const outdir = mkdtempSync(join(tmpdir(), "countersign-"));
  const app = createApp({ configFile: with_("999988887777"), bundling: false, outdir });
  const stack = app.node.findChild("CountersignEvidence") as Stack;
  const evidence = Template.fromStack(stack);
  const gateway = Template.fromStack(app.node.findChild("CountersignGateway") as Stack);

  test.each(["Masked", "Sealed"])("the %s vault replicates every object, encrypted, to its new owner", (name) => {
    const { Properties } = resource(evidence, "AWS::S3::Bucket", `${name}Vault`);
    expect(Properties.ObjectLockEnabled).toBe(true);
    expect(Properties.ReplicationConfiguration).toMatchObject({
      Rules: [
        {
          Status: "Enabled",
          Filter: { Prefix: "" },
          DeleteMarkerReplication: { Status: "Disabled" },
          SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Enabled" } },
          Destination: {
            Bucket: `arn:aws:s3:::log-archive-${name.toLowerCase()}`,
            Account: "999988887777",
            AccessControlTranslation: { Owner: "Destination" },
            EncryptionConfiguration: { ReplicaKmsKeyID: expect.stringContaining("999988887777:key/") },
          },
        },
      ],
    });
  });

  test("the role may read one vault and write one copy, and neither deletes nor changes locks", () => {
    const { Properties } = resource(evidence, "AWS::IAM::ManagedPolicy", "MaskedReplicaRights");
    const statements = statementsOf(Properties.PolicyDocument);
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => /Delete|Bypass|Put/.test(action))).toEqual([]);
    const writes = statements.find(({ Action }) => [Action].flat().includes("s3:ReplicateObject"));
    expect(writes?.Resource).toBe("arn:aws:s3:::log-archive-masked/*");
  });

  test("a copy that fails raises an alarm", () => {
    const alarms = Object.values(resourcesOf(gateway, "AWS::CloudWatch::Alarm")).filter(
      ({ Properties }) => Properties.MetricName === "OperationsFailedReplication",
    );
    expect(alarms.map(({ Properties }) => Properties.AlarmDescription)).toEqual([
      "What to do: docs/runbook.md#replication-failed",
      "What to do: docs/runbook.md#replication-failed",
    ]);
  });

  test("the rule packs find nothing", () => {
    for (const name of ["CountersignEvidence", "CountersignGateway"])
      for (const pack of [new NistPack(stack), new SolutionsPack(stack)])
        expect(
          pack.validateScope(app.node.findChild(name) as Stack).violations.map(({ ruleName }) => ruleName),
        ).toEqual([]);
  });
});

test("without a place to copy to nothing is copied, and the reviewer is told why", () => {
  const { evidence } = synthesize();
  for (const { Properties } of Object.values(resourcesOf(evidence, "AWS::S3::Bucket")))
    expect(Properties.ReplicationConfiguration).toBeUndefined();
});

test("an account that is none is refused where it stands", () => {
  expect(() => loadConfig(with_("99"))).toThrow(/replication\.account: .*twelve digits/);
});

test("the retention and its legal basis, in words, stand among the stack's outputs", () => {
  const { evidence } = synthesize(configWith({ "State yours: which rule": "Records schedule 12, AU-11: which rule" }));
  const { Retention } = evidence.toJSON().Outputs;
  expect(Retention.Value).toMatch(/^compliance, 400 days: Records schedule 12, AU-11/);
});
