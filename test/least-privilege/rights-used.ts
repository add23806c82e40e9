import type { MeteredRequest } from "../../bench/cost/meter.ts";
import { REGION } from "../../local/aws.ts";
import type { DeployedRights } from "./deployed-rights.ts";
import type { Right } from "./right.ts";

const ACCOUNT = "123456789012";
const arn = (service: string, thing: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${thing}`;
/** What is named in a request by its name or by its ARN. */
const arnOf = (service: string, kind: string, name: string) =>
  name.startsWith("arn:") ? name : arn(service, `${kind}${name}`);

/** The rights that AWS asks for before it does what a request wishes; what lies encrypted under a key asks for the key too. */
export function rightsUsed(
  request: MeteredRequest,
  { keyOf, stateMachine }: Pick<DeployedRights, "keyOf" | "stateMachine">,
): Right[] {
  const rightsOf = SERVICES[request.service];
  if (rightsOf === undefined) throw new Error(`no rights are known of ${request.service}: ${request.path}`);
  const rights = rightsOf(request, stateMachine);
  return [...rights, ...rights.flatMap((right) => keyRights(right, keyOf(right.resource)))];
}

/** What is written to S3 is encrypted under a new data key, what is read is decrypted; a table's own key is only unwrapped. */
function keyRights({ action }: Right, key: string | undefined): Right[] {
  if (key === undefined) return [];
  if (action === "s3:PutObject") return [{ action: "kms:GenerateDataKey", resource: key }];
  const reads = ["s3:GetObject", "s3:GetObjectVersion"].includes(action) || action.startsWith("dynamodb:");
  return reads ? [{ action: "kms:Decrypt", resource: key }] : [];
}

// biome-ignore lint/suspicious/noExplicitAny: the wire's own shapes, of many services
const json = ({ body }: MeteredRequest): any => JSON.parse(body.toString());

const SERVICES: Readonly<Record<string, (request: MeteredRequest, stateMachine: string) => Right[]>> = {
  dynamodb: (request) => {
    const input = json(request);
    if (request.operation !== "TransactWriteItems") return [tableRight(request.operation, input)];
    // A transaction asks for the rights of its parts.
    return input.TransactItems.flatMap((part: Record<string, object>) =>
      Object.entries(part).map(([kind, each]) => tableRight(`${kind}Item`, each)),
    );
  },
  s3: storeRights,
  kms: (request) => {
    const { KeyId, EncryptionContext = {} } = json(request);
    const context = Object.entries(EncryptionContext as Record<string, string>).map(
      ([name, value]) => [`kms:EncryptionContext:${name}`, [value]] as const,
    );
    const resource = arnOf("kms", "key/", KeyId);
    return [{ action: `kms:${request.operation}`, resource, context: Object.fromEntries(context) }];
  },
  secretsmanager: (request) => {
    const { SecretId } = json(request);
    // Secrets Manager adds six characters to a name.
    const resource = SecretId.startsWith("arn:") ? SecretId : arn("secretsmanager", `secret:${SecretId}-abcdef`);
    return [{ action: `secretsmanager:${request.operation}`, resource }];
  },
  // A task's token names no state machine: it belongs to an execution of the only one that there is.
  states: (request, only) => [
    { action: `states:${request.operation}`, resource: json(request).stateMachineArn ?? only },
  ],
  events: (request) =>
    json(request).Entries.map(({ EventBusName }: { EventBusName: string }) => ({
      action: `events:${request.operation}`,
      resource: arnOf("events", "event-bus/", EventBusName),
    })),
  sns: ({ body }) => {
    const form = new URLSearchParams(body.toString());
    return [{ action: `sns:${form.get("Action")}`, resource: form.get("TopicArn") ?? "" }];
  },
  sts: ({ body }) => {
    const form = new URLSearchParams(body.toString());
    const resource = form.get("RoleArn") ?? "";
    const has = (field: string) => [...form.keys()].some((name) => name.startsWith(field));
    return [
      { action: `sts:${form.get("Action")}`, resource },
      ...(has("SourceIdentity") ? [{ action: "sts:SetSourceIdentity", resource }] : []),
      ...(has("Tags.") ? [{ action: "sts:TagSession", resource }] : []),
    ];
  },
  lambda: ({ path }) => {
    const [, name = ""] = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(path) ?? [];
    return [{ action: "lambda:InvokeFunction", resource: arnOf("lambda", "function:", decodeURIComponent(name)) }];
  },
  athena: (request) => {
    const workgroup = json(request).WorkGroup ?? JSON.parse(request.answer.toString()).QueryExecution?.WorkGroup;
    return [{ action: `athena:${request.operation}`, resource: arn("athena", `workgroup/${workgroup ?? "primary"}`) }];
  },
  monitoring: ({ operation, path, body }) => {
    const [, named] = /\/operation\/(\w+)$/.exec(path) ?? [];
    const asked = operation === "POST" ? (named ?? new URLSearchParams(body.toString()).get("Action")) : operation;
    return [{ action: `cloudwatch:${asked}`, resource: "*" }];
  },
};

// biome-ignore lint/suspicious/noExplicitAny: the wire's own shapes
function tableRight(operation: string, input: any): Right {
  const table = arnOf("dynamodb", "table/", input.TableName);
  const resource = input.IndexName === undefined ? table : `${table}/index/${input.IndexName}`;
  const key = (input.Key ?? input.Item)?.pk?.S ?? partitionOf(input);
  return {
    action: `dynamodb:${operation}`,
    resource,
    ...(key === undefined ? {} : { context: { "dynamodb:LeadingKeys": [key] } }),
  };
}

/** The partition that a query asks for. */
function partitionOf(input: {
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeValues?: Readonly<Record<string, { readonly S?: string }>>;
}): string | undefined {
  const [, value = ""] = /^\S+ = (:\w+)/.exec(input.KeyConditionExpression ?? "") ?? [];
  return input.ExpressionAttributeValues?.[value]?.S;
}

/** S3 tells its operations apart by method, path and query. */
function storeRights({ method, path, status }: MeteredRequest): Right[] {
  const { pathname, searchParams } = new URL(path, "http://s3");
  const [, bucket = "", ...rest] = pathname.split("/");
  const key = decodeURIComponent(rest.join("/"));
  const [whole, object] = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/${key}`];
  const right = (action: string, resource = object) => [{ action: `s3:${action}`, resource }];
  const asks = (name: string) => searchParams.has(name);
  if (key === "") {
    if (method === "GET") return right(asks("versions") ? "ListBucketVersions" : "ListBucket", whole);
    if (method === "POST" && asks("delete")) return right("DeleteObject", `${whole}/`);
  }
  if (asks("legal-hold")) return right(method === "GET" ? "GetObjectLegalHold" : "PutObjectLegalHold");
  if (method === "PUT") return right("PutObject");
  // Who may not list is told 403 of what is not there, and not 404.
  if (method === "GET" || method === "HEAD")
    return [
      ...right(asks("versionId") ? "GetObjectVersion" : "GetObject"),
      ...(status === 404 ? right("ListBucket", whole) : []),
    ];
  throw new Error(`no rights are known of ${method} ${path}`);
}
