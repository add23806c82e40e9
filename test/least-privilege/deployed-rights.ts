import { DescribeStackResourcesCommand, GetTemplateCommand } from "@aws-sdk/client-cloudformation";
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from "@aws-sdk/client-iam";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ENV } from "../../lambdas/environment.ts";
import { LOCAL_KEYS, localAws, REGION } from "../../local/aws.ts";
import { resourcesOf, type Template } from "../../local/template.ts";
import type { Allowance, Conditions } from "./right.ts";

/** What the deployed templates allow, every reference resolved by the emulator. */
export interface DeployedRights {
  /** By the function's name in the house plan; those for public servers are held against them in `test/lib/reach.test.ts`. */
  readonly allowed: ReadonlyMap<string, readonly Allowance[]>;
  /** ARN of the key under which a table or bucket is encrypted, by the ARN of what lies in it; undefined for anything else. */
  keyOf(resource: string): string | undefined;
  /** ARN of the one state machine. */
  readonly stateMachine: string;
  /** An ARN with names that stay the same from one deployment to the next. */
  plain(arn: string): string;
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: Conditions;
}

const STACKS = ["CountersignEvidence", "CountersignGateway"];

/** Reads the roles of all functions, and what their resources are. */
export async function deployedRights(endpoint: string): Promise<DeployedRights> {
  return { allowed: await allowedBy(endpoint), ...(await resourcesAt(endpoint)) };
}

async function allowedBy(endpoint: string): Promise<Map<string, readonly Allowance[]>> {
  const iam = new IAMClient({ endpoint, region: REGION, credentials: LOCAL_KEYS });
  const allowed = new Map<string, readonly Allowance[]>();
  const { Functions = [] } = await localAws(endpoint).lambda.send(new ListFunctionsCommand({}));
  for (const { Environment, Role = "" } of Functions) {
    const service = Environment?.Variables?.[ENV.service] ?? "";
    // What two functions of a service ask for is recorded as one: their rights cannot be told apart here.
    if (allowed.has(service)) throw new Error(`there are two functions ${service}: compare each by itself`);
    allowed.set(service, (await statementsOf(iam, Role.split("/").at(-1) ?? "")).flatMap(allowancesOf));
  }
  return allowed;
}

async function resourcesAt(endpoint: string): Promise<Omit<DeployedRights, "allowed">> {
  const { cloudFormation } = localAws(endpoint);
  const names = new Map<string, string>();
  const keys = new Map<string, string>();
  let stateMachine = "";
  for (const StackName of STACKS) {
    const { StackResources = [] } = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName }));
    const physical = new Map(StackResources.map((each) => [each.LogicalResourceId, each.PhysicalResourceId ?? ""]));
    for (const { LogicalResourceId: logical = "", PhysicalResourceId: id = "", ResourceType } of StackResources) {
      names.set(nameIn(id), `<${withoutHash(logical)}>`);
      if (ResourceType === "AWS::StepFunctions::StateMachine") stateMachine = id;
    }
    const { TemplateBody = "{}" } = await cloudFormation.send(new GetTemplateCommand({ StackName }));
    const template = (typeof TemplateBody === "string" ? JSON.parse(TemplateBody) : TemplateBody) as Template;
    for (const type of ["AWS::DynamoDB::Table", "AWS::S3::Bucket"])
      for (const [id, { Properties }] of resourcesOf(template, type)) {
        const key = KEY_OF.exec(JSON.stringify(Properties))?.[1];
        if (key !== undefined) keys.set(physical.get(id) ?? "", arnOfKey(physical.get(key) ?? ""));
      }
  }
  // The longest first: a name may begin another.
  const longest = [...names].filter(([id]) => id.length >= SHORTEST).sort(([a], [b]) => b.length - a.length);
  return {
    stateMachine,
    keyOf: (resource) => keys.get(OWNER.exec(resource)?.[1] ?? ""),
    plain: (arn) =>
      longest
        .reduce((text, [id, name]) => text.replaceAll(id, name), arn)
        .replace(/^arn:aws:/, "")
        .replace(`${REGION}:${ACCOUNT}:`, ""),
  };
}

/** The key that a table or a bucket names. */
const KEY_OF = /"KMSMasterKeyI[dD]":\{"Fn::GetAtt":\["(\w+)"/;
/** The table or bucket in the ARN of what lies in it. */
const OWNER = /^arn:aws:(?:s3:::|dynamodb:[^/]+:table\/)([^/]+)/;
/** Characters of a name that can be told from a word. */
const SHORTEST = 8;
const ACCOUNT = "123456789012";

const arnOfKey = (id: string) => (id.startsWith("arn:") ? id : `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`);

/** A queue goes by its URL in CloudFormation, and by its name in policies. */
const nameIn = (id: string) => (id.startsWith("http") ? (id.split("/").at(-1) ?? id) : id);

/** CDK ends a logical id with eight digits of a hash. */
const withoutHash = (logical: string) => logical.replace(/[0-9A-F]{8}$/, "");

async function statementsOf(iam: IAMClient, RoleName: string): Promise<Statement[]> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  if (PolicyNames.length > 0) throw new Error(`the role ${RoleName} has policies inside that nobody compared`);
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  const statements: Statement[] = [];
  for (const { PolicyArn } of AttachedPolicies) {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const { PolicyVersion } = await iam.send(
      new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
    );
    const document = JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? "")) as { Statement: Statement[] };
    statements.push(...document.Statement);
  }
  return statements;
}

function allowancesOf({ Effect, Action, Resource, Condition = {} }: Statement): Allowance[] {
  if (Effect !== "Allow") throw new Error("roles only allow: what refuses stands in the resources' own policies");
  return [Action]
    .flat()
    .flatMap((action) => [Resource].flat().map((resource) => ({ action, resource, conditions: Condition })));
}
