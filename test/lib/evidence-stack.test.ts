import { describe, expect, test } from "vitest";
import { COMPACT, compactStatement } from "../../lib/queries/compaction.ts";
import { NAMED_QUERIES } from "../../lib/queries/index.ts";
import { VIEWS } from "../../lib/queries/views.ts";
import { actionsOf, configWith, resource, resourcesOf, statementsOf, synthesize } from "./template.ts";

const { evidence } = synthesize();
const TABLES = ["Ledger", "Approvals", "Access"];
const VAULTS = ["MaskedVault", "SealedVault"];
/** Without these, what is locked or archived cannot be read, opened or proven. */
const EVIDENCE_KEYS = ["TableKey", "MaskedVaultKey", "SealedVaultKey", "ForensicKey", "SigningKey", "AccessTrailKey"];

const denialOf = (policy: unknown, sid: string) =>
  statementsOf(policy).find(({ Sid, Effect }) => Sid === sid && Effect === "Deny");

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
      [
        "BatchWriteItem",
        "DeleteItem",
        "PartiQLDelete",
        "PartiQLInsert",
        "PartiQLSelect",
        "PartiQLUpdate",
        "UpdateItem",
      ].map((action) => `dynamodb:${action}`),
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

  const roleNotUnder = (path: string) => ({
    ArnNotLike: {
      "aws:PrincipalArn": {
        "Fn::Join": [
          "",
          ["arn:", { Ref: "AWS::Partition" }, ":iam::", { Ref: "AWS::AccountId" }, `:role/countersign/${path}/*`],
        ],
      },
    },
  });

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
      [["s3:PutObject"], { Null: { "s3:if-none-match": "true" }, ...roleNotUnder("writer/audit") }],
      [["s3:PutObject"], { Null: { "s3:if-none-match": "true", "s3:if-match": "true" } }],
      [["s3:GetObjectVersion"], roleNotUnder("forensics")],
      [["s3:BypassGovernanceRetention", "s3:DeleteObject", "s3:DeleteObjectVersion"], undefined],
      [["s3:PutObjectRetention"], undefined],
      [["s3:PutObjectLegalHold"], roleNotUnder("holder")],
      [["s3:PutLifecycleConfiguration"], undefined],
    ]);
  });
});

test("the forensic key decrypts for the audit function's role alone, and that right cannot be handed on", () => {
  const key = resource(evidence, "AWS::KMS::Key", "ForensicKey");
  const open = denialOf(key.Properties.KeyPolicy, "OnlyAuditOpens");
  const handOn = denialOf(key.Properties.KeyPolicy, "NobodyHandsOn");
  expect(open).toMatchObject({ Action: "kms:Decrypt", Principal: { AWS: "*" } });
  expect(JSON.stringify(open?.Condition)).toMatch(
    /ArnNotLike.*aws:PrincipalArn.*:role\/countersign\/writer\/audit\/\*/,
  );
  expect(handOn?.Action).toEqual(["kms:CreateGrant", "kms:ReEncryptFrom"]);
  expect(handOn?.Condition).toBeUndefined();
});

test("the signing key is of P-256, signs for the writers and the digester alone, and that right cannot be handed on", () => {
  const key = resource(evidence, "AWS::KMS::Key", "SigningKey");
  expect(key.Properties).toMatchObject({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" });
  const signs = denialOf(key.Properties.KeyPolicy, "OnlyTheWritersSign");
  const handOn = denialOf(key.Properties.KeyPolicy, "NobodyHandsOn");
  expect(signs).toMatchObject({ Action: "kms:Sign", Principal: { AWS: "*" } });
  expect(JSON.stringify(signs?.Condition)).toMatch(
    /ArnNotLike.*aws:PrincipalArn.*:role\/countersign\/writer\/\*.*:role\/countersign\/digester\/\*/,
  );
  expect(handOn).toMatchObject({ Action: "kms:CreateGrant" });
});

test("no key lets anybody hand on the right to use it, but AWS's services", () => {
  for (const { Properties } of Object.values(resourcesOf(evidence, "AWS::KMS::Key")))
    expect(statementsOf(Properties.KeyPolicy)).toContainEqual({
      Sid: "GrantsAreForServices",
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: "kms:CreateGrant",
      Resource: "*",
      Condition: { BoolIfExists: { "kms:GrantIsForAWSResource": "false", "aws:PrincipalIsAWSService": "false" } },
    });
});

test.each(EVIDENCE_KEYS)("nobody may disable %s or schedule its deletion, whoever they are", (name) => {
  const policy = resource(evidence, "AWS::KMS::Key", name).Properties.KeyPolicy;
  expect(denialOf(policy, "OutlivesItsEvidence")).toEqual({
    Sid: "OutlivesItsEvidence",
    Effect: "Deny",
    Principal: { AWS: "*" },
    Action: ["kms:DisableKey", "kms:ScheduleKeyDeletion"],
    Resource: "*",
  });
});

describe("a trial, in governance mode", () => {
  const { evidence: trial } = synthesize(configWith({ "mode: compliance": "mode: governance" }));

  test("can be removed: whoever may bypass governance deletes in the vaults, and the keys can go after them", () => {
    for (const name of VAULTS) {
      const { Properties } = resource(trial, "AWS::S3::Bucket", name);
      expect(Properties.ObjectLockConfiguration).toMatchObject({ Rule: { DefaultRetention: { Mode: "GOVERNANCE" } } });
      const policy = resource(trial, "AWS::S3::BucketPolicy", `${name}Policy`).Properties.PolicyDocument;
      expect(statementsOf(policy).flatMap(actionsOf).join()).not.toMatch(/Delete|Bypass/);
    }
    for (const { Properties } of Object.values(resourcesOf(trial, "AWS::KMS::Key")))
      expect(denialOf(Properties.KeyPolicy, "OutlivesItsEvidence")).toBeUndefined();
  });

  test("is in all else as strict: written once, versions for forensics, holds by the holder alone", () => {
    const sids = (template: typeof trial, name: string) =>
      statementsOf(resource(template, "AWS::S3::BucketPolicy", `${name}Policy`).Properties.PolicyDocument).map(
        ({ Sid }) => Sid,
      );
    for (const name of VAULTS)
      expect(sids(trial, name)).toEqual(sids(evidence, name).filter((sid) => sid !== "NeverDelete"));
  });
});

test("every key outlives the stack, and is rotated where KMS can", () => {
  for (const { Properties, DeletionPolicy } of Object.values(resourcesOf(evidence, "AWS::KMS::Key"))) {
    expect(DeletionPolicy).toBe("Retain");
    expect(Properties.EnableKeyRotation).toBe(Properties.KeyUsage !== "SIGN_VERIFY");
  }
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

  test("the sealed vault has a table of its own, without what is sealed", () => {
    const { TableInput } = resource(evidence, "AWS::Glue::Table", "AuditLakeSealedRecords").Properties as {
      TableInput: { StorageDescriptor: { Columns: { Name: string }[]; Location: unknown } };
    };
    expect(TableInput.StorageDescriptor.Columns.map(({ Name }) => Name)).toEqual(["record", "signature"]);
    expect(JSON.stringify(TableInput.StorageDescriptor.Location)).toContain("SealedVault");
  });

  test("each view is kept as Athena keeps it", () => {
    for (const view of VIEWS) {
      const { TableInput } = resource(evidence, "AWS::Glue::Table", `AuditLakeView${view.name}`).Properties as {
        TableInput: { TableType: string; ViewOriginalText: string };
      };
      expect(TableInput.TableType).toBe("VIRTUAL_VIEW");
      const [, kept = ""] = /^\/\* Presto View: (\S+) \*\/$/.exec(TableInput.ViewOriginalText) ?? [];
      expect(JSON.parse(Buffer.from(kept, "base64").toString())).toMatchObject({
        originalSql: expect.stringContaining("PARTITION BY id"),
        schema: "countersign",
        columns: view.columns.map(({ name, type }) => ({ name, type })),
      });
    }
  });

  test("every named query waits in the auditors' workgroup", () => {
    const saved = Object.values(resourcesOf(evidence, "AWS::Athena::NamedQuery")).map(({ Properties }) => Properties);
    const queries = saved.filter(({ Name }) => Name !== COMPACT.query);
    expect(queries.map(({ Name }) => Name).sort()).toEqual(NAMED_QUERIES.map(({ name }) => name).sort());
    for (const { WorkGroup, Database } of queries)
      expect([WorkGroup, Database]).toEqual(["countersign-auditors", "countersign"]);
  });

  test("what fills the compacted table is saved beside it, in a workgroup of its own, and writes to a bucket of its own", () => {
    const { Properties } = resource(evidence, "AWS::Athena::NamedQuery", "AuditLakeCompactQuery");
    expect(Properties).toMatchObject({ WorkGroup: COMPACT.workgroup, QueryString: compactStatement() });
    const { TableInput } = resource(evidence, "AWS::Glue::Table", "AuditLakeCompactRecords").Properties;
    expect(TableInput).toMatchObject({ Name: COMPACT.name, PartitionKeys: [{ Name: "dt", Type: "string" }] });
    expect(JSON.stringify(TableInput)).toContain("AuditLakeCompacted");
    expect(JSON.stringify(TableInput)).not.toContain("Vault");
  });

  test("auditors cannot change their workgroup's settings, and results are encrypted", () => {
    expect(
      resource(evidence, "AWS::Athena::WorkGroup", "AuditLakeAuditors").Properties.WorkGroupConfiguration,
    ).toMatchObject({
      EnforceWorkGroupConfiguration: true,
      BytesScannedCutoffPerQuery: 100 * 1024 ** 3,
      ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: "SSE_KMS" } },
    });
  });

  test("results lie under a key of their own: who may read them may not for that read the archive", () => {
    const { WorkGroupConfiguration } = resource(evidence, "AWS::Athena::WorkGroup", "AuditLakeAuditors").Properties;
    const { BucketEncryption } = resource(evidence, "AWS::S3::Bucket", "AuditLakeResults").Properties;
    for (const part of [
      (WorkGroupConfiguration as { ResultConfiguration: unknown }).ResultConfiguration,
      BucketEncryption,
    ]) {
      expect(JSON.stringify(part)).toContain("AuditLakeResultsKey");
      expect(JSON.stringify(part)).not.toContain("VaultKey");
    }
  });
});

test("nothing brings a function of CDK's own, or an inline policy", () => {
  expect(resourcesOf(evidence, "AWS::Lambda::Function")).toEqual({});
  expect(resourcesOf(evidence, "AWS::IAM::Policy")).toEqual({});
});
