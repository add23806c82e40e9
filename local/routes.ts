import { resourcesOf, type Template } from "./template.ts";

/** A method of the API: where it is, and who answers. */
export interface Route {
  /** As API Gateway writes it: `/approvals/{id}`, `/mcp/{proxy+}`. */
  readonly resource: string;
  readonly method: string;
  /** Name of the function in the house plan. */
  readonly service: string;
  readonly authorized: boolean;
  readonly streaming: boolean;
}

/** What API Gateway answers by itself. */
export interface GatewayResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface MethodProperties {
  readonly HttpMethod: string;
  readonly AuthorizationType: string;
  readonly ResourceId: { readonly Ref: string };
  readonly Integration: { readonly ResponseTransferMode?: string; readonly Uri: unknown };
}

interface ResourceProperties {
  readonly PathPart: string;
  readonly ParentId: { readonly Ref?: string };
}

interface ResponseProperties {
  readonly ResponseType: string;
  readonly StatusCode?: string;
  readonly ResponseParameters?: Readonly<Record<string, string>>;
  readonly ResponseTemplates?: Readonly<Record<string, string>>;
}

/** The API's methods, read from the template that would be deployed. */
export function routesOf(template: Template): Route[] {
  const paths = new Map(
    resourcesOf(template, "AWS::ApiGateway::Resource").map(([id, { Properties }]) => [
      id,
      Properties as unknown as ResourceProperties,
    ]),
  );
  const pathOf = (id: string | undefined): string => {
    const entry = id === undefined ? undefined : paths.get(id);
    return entry === undefined ? "" : `${pathOf(entry.ParentId.Ref)}/${entry.PathPart}`;
  };
  return resourcesOf(template, "AWS::ApiGateway::Method").map(([, { Properties }]) => {
    const method = Properties as unknown as MethodProperties;
    return {
      resource: pathOf(method.ResourceId.Ref),
      method: method.HttpMethod,
      service: serviceIn(method.Integration.Uri, template),
      authorized: method.AuthorizationType !== "NONE",
      streaming: method.Integration.ResponseTransferMode === "STREAM",
    };
  });
}

/** What the API says itself, by response type such as UNAUTHORIZED. */
export function gatewayResponsesOf(template: Template): ReadonlyMap<string, GatewayResponse> {
  return new Map(
    resourcesOf(template, "AWS::ApiGateway::GatewayResponse").map(([, { Properties }]) => {
      const response = Properties as unknown as ResponseProperties;
      // Static header values stand in single quotes.
      const headers = Object.entries(response.ResponseParameters ?? {}).map(([name, value]) => [
        name.replace("gatewayresponse.header.", ""),
        value.replace(/^'|'$/g, ""),
      ]);
      const body = response.ResponseTemplates?.["application/json"] ?? "";
      return [
        response.ResponseType,
        { statusCode: Number(response.StatusCode), headers: Object.fromEntries(headers), body },
      ];
    }),
  );
}

/** Name of the API's stage. */
export const stageOf = (template: Template): string =>
  String(resourcesOf(template, "AWS::ApiGateway::Stage")[0]?.[1].Properties?.StageName ?? "");

/** The function that an integration's URI names, by the environment that the template gives it. */
function serviceIn(uri: unknown, template: Template): string {
  const id = JSON.stringify(uri).match(/"Fn::GetAtt":\["(\w+)"/)?.[1] ?? "";
  const environment = template.Resources[id]?.Properties?.Environment as
    | { Variables?: Record<string, string> }
    | undefined;
  const service = environment?.Variables?.POWERTOOLS_SERVICE_NAME;
  if (service === undefined) throw new Error(`no function stands behind ${JSON.stringify(uri)}`);
  return service;
}
