import { randomBytes } from "node:crypto";
import {
  CreateStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, DeleteBucketCommand, PutObjectLockConfigurationCommand } from "@aws-sdk/client-s3";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { CreateStateMachineCommand, DescribeStateMachineCommand, ListStateMachinesCommand } from "@aws-sdk/client-sfn";
import { ENV } from "../lambdas/environment.ts";
import { createApp } from "../lib/app.ts";
import type { LocalAws } from "./aws.ts";
import { gatewayResponsesOf, routesOf, stageOf } from "./routes.ts";
import { createSigningKey } from "./signing-key.ts";
import { forEmulator, resourcesOf, type Template, type TemplateResource } from "./template.ts";

export interface DeployOptions {
  readonly configFile: string;
  readonly outdir: string;
  /** Secrets that the configuration names, with their texts. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * Puts the synthesized templates into the emulator, and mends what it does not make of them: locked buckets, secrets,
 * and a state machine that really runs.
 *
 * @param endpoint the emulator's URL
 */
export async function deploy(aws: LocalAws, endpoint: string, { configFile, outdir, secrets }: DeployOptions) {
  // The emulator resolves exports and imports; the weak references of a real deployment it does not know.
  const context = { "@aws-cdk/core:defaultCrossStackReferences": "strong" };
  const assembly = createApp({ configFile, outdir, bundling: false, checks: false, context }).synth();
  const [evidence, gateway] = ["CountersignEvidence", "CountersignGateway"].map(
    (name) => assembly.getStackByName(name).template as Template,
  );
  if (evidence === undefined || gateway === undefined) throw new Error("the app has no stacks");

  await switchExecution(endpoint, false);
  const seal = await createSecret(aws, "countersign-seal", randomBytes(48).toString("base64url"));
  const apart = { ...secretsAs(seal, evidence), ...(await signingKeysOf(aws, evidence)) };
  await createStack(aws, "CountersignEvidence", evidence, apart);
  await lockBuckets(aws, evidence);
  await createStack(aws, "CountersignGateway", gateway, userPool(gateway));
  await runnableStateMachine(aws, endpoint);
  for (const [name, text] of Object.entries(secrets)) await createSecret(aws, name, text);

  const environments = await functionEnvironments(aws);
  const table = (name: string) => environments.get("recorder")?.[name] ?? environments.get("gateway")?.[name] ?? "";
  const tables = {
    ledger: table(ENV.ledgerTable),
    approvals: table(ENV.approvalsTable),
    access: table(ENV.accessTable),
  };
  const vaults = {
    masked: environments.get("archiver")?.[ENV.maskedVault] ?? "",
    sealed: environments.get("archiver")?.[ENV.sealedVault] ?? "",
  };
  const topics = JSON.parse(environments.get("recorder")?.[ENV.topics] ?? "{}") as Readonly<Record<string, string>>;
  return {
    environments,
    tables,
    vaults,
    topics,
    streams: { ledger: await streamOf(aws, tables.ledger), approvals: await streamOf(aws, tables.approvals) },
    api: { routes: routesOf(gateway), gatewayResponses: gatewayResponsesOf(gateway), stage: stageOf(gateway) },
  };
}

/** References to the generated secret become the ARN of the one made here. */
const secretsAs = (arn: string, template: Template) =>
  Object.fromEntries(resourcesOf(template, "AWS::SecretsManager::Secret").map(([id]) => [id, arn]));

/** The emulator makes no user pools: what refers to one, its clients or its provider, gets their names. */
const userPool = ({ Resources }: Template) =>
  Object.fromEntries(
    Object.entries(Resources).flatMap(([id, { Type }]) => (Type.startsWith("AWS::Cognito::") ? [[id, id]] : [])),
  );

/** The keys that sign are made apart. @returns their ARNs, by logical id */
async function signingKeysOf(aws: LocalAws, template: Template): Promise<Record<string, string>> {
  const arns: Record<string, string> = {};
  for (const [id, { Properties }] of resourcesOf(template, "AWS::KMS::Key"))
    if (Properties?.KeyUsage === "SIGN_VERIFY") arns[id] = await createSigningKey(aws);
  return arns;
}

async function createSecret({ secrets }: LocalAws, Name: string, SecretString: string): Promise<string> {
  const { ARN } = await secrets.send(new CreateSecretCommand({ Name, SecretString }));
  return ARN ?? Name;
}

async function createStack(
  { cloudFormation }: LocalAws,
  StackName: string,
  template: Template,
  names: Readonly<Record<string, string>>,
): Promise<void> {
  const TemplateBody = JSON.stringify(forEmulator(template, names));
  await cloudFormation.send(
    new CreateStackCommand({ StackName, TemplateBody, Capabilities: ["CAPABILITY_NAMED_IAM"] }),
  );
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
  const status = Stacks?.[0]?.StackStatus;
  if (status !== "CREATE_COMPLETE")
    throw new Error(`the emulator could not create ${StackName}: ${status} ${Stacks?.[0]?.StackStatusReason ?? ""}`);
}

/** The emulator makes buckets without Object Lock: those that the template locks are made again under the same name. */
async function lockBuckets({ s3, cloudFormation }: LocalAws, template: Template): Promise<void> {
  const { StackResources } = await cloudFormation.send(
    new DescribeStackResourcesCommand({ StackName: "CountersignEvidence" }),
  );
  for (const [id, resource] of resourcesOf(template, "AWS::S3::Bucket")) {
    const Bucket = StackResources?.find((entry) => entry.LogicalResourceId === id)?.PhysicalResourceId;
    const retention = retentionOf(resource);
    if (retention === undefined || Bucket === undefined) continue;
    await s3.send(new DeleteBucketCommand({ Bucket }));
    await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
    const ObjectLockConfiguration = { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention: retention } } as const;
    await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
  }
}

function retentionOf({
  Properties,
}: TemplateResource): { Mode: "COMPLIANCE" | "GOVERNANCE"; Days: number } | undefined {
  const lock = Properties?.ObjectLockConfiguration as
    | { Rule?: { DefaultRetention?: { Mode: "COMPLIANCE" | "GOVERNANCE"; Days: number } } }
    | undefined;
  return lock?.Rule?.DefaultRetention;
}

/** Made by CloudFormation it only pretends to run; made again with the switch on, under the same name, it runs. */
async function runnableStateMachine({ stepFunctions }: LocalAws, endpoint: string): Promise<void> {
  const { stateMachines } = await stepFunctions.send(new ListStateMachinesCommand({}));
  const described = await Promise.all(
    (stateMachines ?? []).map(({ stateMachineArn }) =>
      stepFunctions.send(new DescribeStateMachineCommand({ stateMachineArn })),
    ),
  );
  await switchExecution(endpoint, true);
  for (const { name, definition, roleArn } of described)
    await stepFunctions.send(new CreateStateMachineCommand({ name, definition, roleArn }));
}

async function switchExecution(endpoint: string, on: boolean): Promise<void> {
  const response = await fetch(`${endpoint}/moto-api/config`, {
    method: "POST",
    body: JSON.stringify({ stepfunctions: { execute_state_machine: on } }),
  });
  if (!response.ok) throw new Error(`the emulator refused its configuration: HTTP ${response.status}`);
}

/** Environments with every reference resolved, by the function's name in the house plan. */
async function functionEnvironments({ lambda }: LocalAws): Promise<Map<string, Record<string, string>>> {
  const { Functions } = await lambda.send(new ListFunctionsCommand({}));
  return new Map(
    (Functions ?? []).map(({ Environment }) => [
      Environment?.Variables?.[ENV.service] ?? "",
      Environment?.Variables ?? {},
    ]),
  );
}

async function streamOf({ dynamoDb }: LocalAws, TableName: string): Promise<string> {
  const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName }));
  if (Table?.LatestStreamArn === undefined) throw new Error(`the table ${TableName} has no stream`);
  return Table.LatestStreamArn;
}
