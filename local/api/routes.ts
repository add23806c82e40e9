/** A CloudFormation template as plain JSON. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly [section: string]: unknown;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly [attribute: string]: unknown;
}

/** One method of the REST API, as the template declares it. */
export interface Route {
  /** API Gateway's own writing: `/approvals/{id}`, `/mcp/{proxy+}`. */
  readonly path: string;
  /** `GET`, `POST`, ... or `ANY`. */
  readonly method: string;
  /** POWERTOOLS_SERVICE_NAME of the function that answers. */
  readonly service: string;
  readonly authorized: boolean;
  readonly streaming: boolean;
}

/** What API Gateway answers on its own account. */
export interface GatewayResponse {
  readonly type: string;
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Body template of `application/json`, null when the template leaves it to API Gateway. */
  readonly body: string | null;
}

export interface Api {
  readonly stage: string;
  readonly routes: readonly Route[];
  readonly responses: readonly GatewayResponse[];
}

/** Reads the REST API from a template: what clients reach locally is what would be deployed. */
export function apiOf(template: Template): Api {
  const all = Object.entries(template.Resources);
  const ofType = (type: string) => all.filter(([, resource]) => resource.Type === `AWS::ApiGateway::${type}`);
  const services = new Map(
    all.flatMap(([id, resource]) => (resource.Type === "AWS::Lambda::Function" ? [[id, serviceOf(resource)]] : [])),
  );

  const pathOf = (reference: unknown): string => {
    const id = field(reference, "Ref");
    const resource = typeof id === "string" ? template.Resources[id] : undefined;
    if (resource?.Type !== "AWS::ApiGateway::Resource") return "";
    return `${pathOf(resource.Properties?.ParentId)}/${resource.Properties?.PathPart}`;
  };
  const routes = ofType("Method").map(([id, { Properties = {} }]) => {
    const service = references(Properties.Integration)
      .map((name) => services.get(name))
      .find(Boolean);
    if (!service) throw new Error(`the method ${id} names no function of this template`);
    return {
      path: pathOf(Properties.ResourceId) || "/",
      method: String(Properties.HttpMethod),
      service,
      authorized: (Properties.AuthorizationType ?? "NONE") !== "NONE",
      streaming: field(Properties.Integration, "ResponseTransferMode") === "STREAM",
    };
  });
  const stage = ofType("Stage")[0]?.[1].Properties?.StageName;
  return {
    stage: typeof stage === "string" ? stage : "prod",
    routes,
    responses: ofType("GatewayResponse").map(([, r]) => responseOf(r)),
  };
}

/** POWERTOOLS_SERVICE_NAME of a function, by which everything local names it; empty for a helper of the CDK. */
export function serviceOf(resource: TemplateResource): string {
  return String(field(field(resource.Properties?.Environment, "Variables"), "POWERTOOLS_SERVICE_NAME") ?? "");
}

function responseOf({ Properties = {} }: TemplateResource): GatewayResponse {
  const prefix = "gatewayresponse.header.";
  const headers = Object.entries((Properties.ResponseParameters ?? {}) as Record<string, unknown>)
    .filter(([name]) => name.startsWith(prefix))
    // Static values stand in single quotes; a value built by CloudFormation would need its functions resolved.
    .map(([name, value]) => [name.slice(prefix.length), String(value).replace(/^'(.*)'$/, "$1")]);
  const body = field(Properties.ResponseTemplates, "application/json");
  return {
    type: String(Properties.ResponseType),
    status: Properties.StatusCode === undefined ? null : Number(Properties.StatusCode),
    headers: Object.fromEntries(headers),
    body: typeof body === "string" ? body : null,
  };
}

/** Logical ids that a value refers to, by `Ref` or `Fn::GetAtt`, however deep. */
function references(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const named = [field(value, "Ref"), field(value, "Fn::GetAtt")].flatMap((found) =>
    typeof found === "string" ? [found.split(".")[0] ?? ""] : Array.isArray(found) ? [String(found[0])] : [],
  );
  return [...named, ...Object.values(value).flatMap(references)];
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
