import { describe, expect, test } from "vitest";
import { actionsOf, resource, resourcesOf, statementsOf, synthesize } from "./template.ts";

const { evidence } = synthesize();
const TABLES = ["Ledger", "Approvals", "Access"];
const VAULTS = ["MaskedVault", "SealedVault"];

describe("tables", () => {
  test.each(TABLES)("%s is on demand, recoverable, under an own key, and outlives the stack", (name) => {
    const table = resource(evidence, "AWS::DynamoDB::Table", name);
    expect(table.Properties).toMatchObject({
      BillingMode: "PAY_PER_REQUEST",
      DeletionProtectionEnabled: true,
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: "KMS" },
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
    });
    expect(table.DeletionPolicy).toBe("Retain");
  });

  test("the streams of ledger and approvals carry old images; access has none", () => {
    const streams = TABLES.map(
      (name) => resource(evidence, "AWS::DynamoDB::Table", name).Properties.StreamSpecification,
    );
    const images = { StreamViewType: "NEW_AND_OLD_IMAGES" };
    expect(streams).toEqual([expect.objectContaining(images), expect.objectContaining(images), undefined]);
  });

  test("approvals are found by status and by requester, each by time; nothing indexes the ledger or who may do what", () => {
    const index = (IndexName: string, attribute: string) => ({
      IndexName,
      KeySchema: [
        { AttributeName: attribute, KeyType: "HASH" },
        { AttributeName: "createdAt", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "ALL" },
    });
    const indexes = TABLES.map(
      (name) => resource(evidence, "AWS::DynamoDB::Table", name).Properties.GlobalSecondaryIndexes,
    );
    const ofApprovals = [index("byStatus", "status"), index("byRequester", "requesterId")];
    expect(indexes).toEqual([undefined, ofApprovals, undefined]);
  });

  test("the ledger's own policy denies every change to everyone, and appends to all but the writing roles", () => {
    const { PolicyDocument } = resource(evidence, "AWS::DynamoDB::Table", "Ledger").Properties.ResourcePolicy as {
      PolicyDocument: unknown;
    };
    const [changes, appends, ...more] = statementsOf(PolicyDocument);
    expect(more).toEqual([]);
    expect(changes).toMatchObject({ Effect: "Deny", Principal: { AWS: "*" } });
    expect(changes?.Condition).toBeUndefined();
    expect(changes && actionsOf(changes).sort()).toEqual(
      ["BatchWriteItem", "DeleteItem", "PartiQLDelete", "PartiQLInsert", "PartiQLUpdate", "UpdateItem"].map(
        (action) => `dynamodb:${action}`,
      ),
    );
    expect(appends).toMatchObject({ Effect: "Deny", Principal: { AWS: "*" }, Action: "dynamodb:PutItem" });
    expect(JSON.stringify(appends?.Condition)).toMatch(/ArnNotLike.*aws:PrincipalArn.*:role\/countersign\/writer\/\*/);
  });
});

describe("vaults", () => {
  test.each(VAULTS)(
    "%s is locked as configured, versioned, private, under an own key, and outlives the stack",
    (name) => {
      const vault = resource(evidence, "AWS::S3::Bucket", name);
      expect(vault.Properties).toMatchObject({
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          ObjectLockEnabled: "Enabled",
          Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 400 } },
        },
        VersioningConfiguration: { Status: "Enabled" },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      });
      expect(vault.Properties.LoggingConfiguration).toBeDefined();
      expect(vault.DeletionPolicy).toBe("Retain");
    },
  );

  test("the vaults have two different keys", () => {
    const keys = VAULTS.map((name) =>
      JSON.stringify(resource(evidence, "AWS::S3::Bucket", name).Properties.BucketEncryption),
    );
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(key).toContain("aws:kms");
  });

  test.each(VAULTS)("%s denies everyone what would weaken it", (name) => {
    const policy = resource(evidence, "AWS::S3::BucketPolicy", `${name}Policy`).Properties.PolicyDocument;
    const denied = statementsOf(policy);
    expect(denied.map(({ Effect }) => Effect)).toEqual(denied.map(() => "Deny"));
    expect(denied.map((statement) => [actionsOf(statement).sort(), statement.Condition])).toEqual([
      [["s3:*"], { Bool: { "aws:SecureTransport": "false" } }],
      [["s3:PutObject"], { Null: { "s3:if-none-match": "true" } }],
      [["s3:BypassGovernanceRetention", "s3:DeleteObject", "s3:DeleteObjectVersion"], undefined],
      [["s3:PutObjectLegalHold", "s3:PutObjectRetention"], undefined],
      [["s3:PutLifecycleConfiguration"], undefined],
    ]);
  });
});

test("the forensic key decrypts for the audit function's role alone, and that right cannot be handed on", () => {
  const key = resource(evidence, "AWS::KMS::Key", "ForensicKey");
  const [open, handOn] = statementsOf(key.Properties.KeyPolicy).filter(({ Effect }) => Effect === "Deny");
  expect(open).toMatchObject({ Action: "kms:Decrypt", Principal: { AWS: "*" } });
  expect(JSON.stringify(open?.Condition)).toMatch(
    /ArnNotLike.*aws:PrincipalArn.*:role\/countersign\/writer\/audit\/\*/,
  );
  expect(handOn?.Action).toEqual(["kms:CreateGrant", "kms:ReEncryptFrom"]);
  expect(handOn?.Condition).toBeUndefined();
});

test("every key is rotated and outlives the stack", () => {
  for (const key of Object.values(resourcesOf(evidence, "AWS::KMS::Key")))
    expect(key).toMatchObject({ Properties: { EnableKeyRotation: true }, DeletionPolicy: "Retain" });
});

describe("audit lake", () => {
  test("the table projects its partitions over the masked vault", () => {
    const { TableInput } = resource(evidence, "AWS::Glue::Table", "AuditLakeRecords").Properties as {
      TableInput: { Parameters: Record<string, unknown>; StorageDescriptor: { Columns: { Name: string }[] } };
    };
    expect(TableInput.Parameters).toMatchObject({ "projection.enabled": "true", "projection.hh.digits": "2" });
    expect(JSON.stringify(TableInput.Parameters["storage.location.template"])).toMatch(
      /MaskedVault.*\/transcripts\/dt=\$\{dt\}\/hh=\$\{hh\}\//,
    );
    const names = TableInput.StorageDescriptor.Columns.map(({ Name }) => Name);
    expect(names).toEqual(expect.arrayContaining(["id", "occurredat", "principal", "approval"]));
    expect(names).toEqual(names.map((name) => name.toLowerCase()));
  });

  test("auditors cannot change their workgroup's settings, and results are encrypted", () => {
    expect(resource(evidence, "AWS::Athena::WorkGroup", "AuditLake").Properties.WorkGroupConfiguration).toMatchObject({
      EnforceWorkGroupConfiguration: true,
      BytesScannedCutoffPerQuery: 100 * 1024 ** 3,
      ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: "SSE_KMS" } },
    });
  });
});

test("nothing brings a function of CDK's own, or an inline policy", () => {
  expect(resourcesOf(evidence, "AWS::Lambda::Function")).toEqual({});
  expect(resourcesOf(evidence, "AWS::IAM::Policy")).toEqual({});
});
