import { Aws, Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  AuthorizationType,
  CfnClientCertificate,
  EndpointType,
  IdentitySource,
  type IResource,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  type MethodOptions,
  RequestAuthorizer,
  ResponseTransferMode,
  ResponseType,
  RestApi,
  SecurityPolicy,
} from "aws-cdk-lib/aws-apigateway";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import { type IRole, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { API } from "../../lambdas/api-names.ts";
import { OWN_CODE } from "../../lambdas/domain/mcp/constants.ts";
import { REGISTER } from "../../lambdas/domain/site/registration.ts";
import { acknowledge, acknowledgeFindings } from "../acknowledge.ts";
import type { Config } from "../config/schema.ts";
import { PLAIN_PATH } from "../constants.ts";
import { ACCESS_LOG } from "./access-log.ts";
import type { DataPath } from "./data-path.ts";
import { TraceSampling } from "./trace-sampling.ts";
import { WebAcl } from "./web-acl.ts";

export interface GatewayApiProps {
  readonly config: Config;
  readonly logKey: IKey;
  readonly authorizer: IFunction;
  /** The functions that speak MCP. */
  readonly mcp: DataPath;
  readonly approvals: IFunction;
  readonly audit: IFunction;
  readonly site: IFunction;
}

/** Seconds that API Gateway goes on with the authorizer's answer, where the configuration says nothing. */
const CACHED = 300;
/** Longest streaming answer that API Gateway allows. */
const LONGEST = Duration.minutes(15);
/**
 * What the approvers' API answers. A principal's id, `<issuer>|<subject>`, holds slashes: it stands in the path as one
 * URL-encoded part.
 */
const APPROVALS_API = [
  ["GET", "/me"],
  ["GET", "/approvals"],
  ["GET", "/approvals/{id}"],
  ["POST", "/approvals/{id}/decision"],
  ["POST", "/approvals/{id}/withdraw"],
  ["GET", "/grants"],
  ["POST", "/grants/{id}/end"],
  ["POST", "/access-requests"],
  ["POST", "/principals/{id}/block"],
  ["POST", "/principals/{id}/unblock"],
  ["POST", "/servers/{id}/pins"],
  ["GET", "/holds"],
  ["POST", "/holds"],
  ["POST", "/holds/{id}/lift"],
] as const;

/** The only way in: a regional REST API, streaming on the MCP paths, a token on every path but the public ones. */
export class GatewayApi extends Construct {
  readonly api: RestApi;
  readonly accessLog: LogGroup;

  constructor(scope: Construct, id: string, props: GatewayApiProps) {
    super(scope, id);
    const { config, logKey } = props;
    this.accessLog = new LogGroup(this, "AccessLog", {
      encryptionKey: logKey,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const certificate = new CfnClientCertificate(this, "ClientCertificate");
    this.api = new RestApi(this, "Api", {
      restApiName: API.name,
      endpointTypes: [EndpointType.REGIONAL],
      binaryMediaTypes: ["*/*"],
      // Account-wide and kept: without it an account that never had one refuses a stage with an execution log.
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
      disableExecuteApiEndpoint: config.publicUrl?.startsWith("https://") ?? false,
      ...this.domain(config),
      deployOptions: {
        stageName: API.stage,
        tracingEnabled: true,
        metricsEnabled: true,
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        // Half of what an account has by default: a flood here leaves its other APIs the rest.
        throttlingRateLimit: 5_000,
        throttlingBurstLimit: 2_500,
        clientCertificateId: certificate.attrClientCertificateId,
        accessLogDestination: new LogGroupLogDestination(this.accessLog),
        accessLogFormat: ACCESS_LOG,
      },
    });
    this.acknowledge();
    this.gatewayResponses(config.publicUrl);
    this.routes(props);
    new WebAcl(this, "Firewall", { stage: this.api.deploymentStage, logKey });
    new TraceSampling(this, "Traces");
  }

  private domain({ publicUrl, certificateArn }: Config) {
    if (publicUrl === null || certificateArn === null) return {};
    const domainName = new URL(publicUrl).hostname;
    const certificate = Certificate.fromCertificateArn(this, "Certificate", certificateArn);
    return {
      domainName: {
        domainName,
        certificate,
        endpointType: EndpointType.REGIONAL,
        securityPolicy: SecurityPolicy.TLS_1_2,
      },
    };
  }

  private routes({ config, authorizer, mcp, approvals, audit, site }: GatewayApiProps): void {
    const verified: MethodOptions = {
      authorizationType: AuthorizationType.CUSTOM,
      authorizer: new RequestAuthorizer(this, "Tokens", {
        handler: authorizer,
        identitySources: [IdentitySource.header("Authorization")],
        resultsCacheTtl: Duration.seconds(config.identity.cacheFor ?? CACHED),
        assumeRole: this.authorizerRole(authorizer),
      }),
    };
    const behindToken = (path: IResource, verb: string, integration: LambdaIntegration) =>
      acknowledge(
        path.addMethod(verb, integration, verified),
        ["AwsSolutions-COG4"],
        "Tokens of several issuers, people's and workloads', are verified by a Lambda authorizer; API Gateway's own knows user pools alone.",
      );
    const open: MethodOptions = { authorizationType: AuthorizationType.NONE };
    const streamed = (handler: IFunction) =>
      new LambdaIntegration(handler, {
        responseTransferMode: ResponseTransferMode.STREAM,
        timeout: LONGEST,
        allowTestInvoke: false,
      });
    // Nobody calls a method from the console's test page, past the authorizer; each such right is a resource of the stack's 500.
    const whole = (handler: IFunction) => new LambdaIntegration(handler, { allowTestInvoke: false });

    const servers = this.api.root.addResource("mcp");
    for (const server of config.servers) {
      const path = servers.addResource(server.name);
      behindToken(path, "ANY", streamed(mcp.gatewayOf(server)));
      // A method of its own wins over ANY; without one the gateway answers a GET with 405.
      const listener = mcp.listenerOf(server);
      if (listener) behindToken(path, "GET", streamed(listener));
    }
    behindToken(servers.addResource("{proxy+}"), "ANY", streamed(mcp.unknownServers));

    for (const [verb, path] of APPROVALS_API) behindToken(this.api.root.resourceForPath(path), verb, whole(approvals));
    for (const path of ["/approvals/{id}/reveal", "/audit/reveal", "/audit/quarantine"])
      behindToken(this.api.root.resourceForPath(path), "POST", whole(audit));

    const pages = this.api.root.addResource("console");
    const publicPaths: readonly IResource[] = [
      pages,
      pages.addResource("{proxy+}"),
      this.api.root.addResource(".well-known").addResource("{proxy+}"),
    ];
    for (const path of publicPaths) {
      const method = path.addMethod("GET", whole(site), open);
      acknowledge(
        method,
        ["AwsSolutions-APIG4", "AwsSolutions-COG4"],
        "Public by design: the console's files and the metadata that tells a client where to sign in (RFC 9728).",
      );
    }
    if (!config.registration) return;
    const registering = this.api.root.resourceForPath(REGISTER);
    for (const verb of ["POST", "OPTIONS"])
      acknowledge(
        registering.addMethod(verb, whole(site), open),
        ["AwsSolutions-APIG4", "AwsSolutions-COG4"],
        "Public by design: who registers has no token yet (RFC 7591). The answer is the same for everybody and stores nothing.",
      );
  }

  /** API Gateway calls the authorizer under a role of its own, so that no other API can. */
  private authorizerRole(authorizer: IFunction): IRole {
    const role = new Role(this, "AuthorizerRole", {
      assumedBy: new ServicePrincipal("apigateway.amazonaws.com"),
      path: PLAIN_PATH,
    });
    new ManagedPolicy(this, "AuthorizerPolicy", {
      roles: [role],
      statements: [new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [authorizer.functionArn] })],
    });
    return role.withoutPolicyUpdates();
  }

  /**
   * 401 and 403 tell a client where to find out how to sign in. A header is one static text or one value of the request
   * here, the same for all paths, so it names the root's metadata (docs/decisions/0006).
   */
  private gatewayResponses(publicUrl: string | null): void {
    // Not `RestApi.url`: it refers to the stage, which waits for these very responses.
    const base = publicUrl ?? `https://${this.api.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}/${API.stage}`;
    const challenge = `Bearer resource_metadata="${base}/.well-known/oauth-protected-resource"`;
    const answer = (
      id: string,
      type: ResponseType,
      statusCode: string,
      body: Readonly<Record<string, unknown>>,
      headers: Record<string, string>,
    ) =>
      this.api.addGatewayResponse(id, {
        type,
        statusCode,
        responseHeaders: headers,
        templates: { "application/json": JSON.stringify(body) },
      });
    const header = { "WWW-Authenticate": `'${challenge}'` };
    answer("NoToken", ResponseType.UNAUTHORIZED, "401", { message: "A valid token is needed" }, header);
    // The authorizer says why a genuine token names nobody here, in its own words.
    const denied = { message: "This token is not accepted here", why: "$context.authorizer.why" };
    answer("AccessDenied", ResponseType.ACCESS_DENIED, "403", denied, header);
    // An issuer's keys are not known: no 401, on which clients sign in again, at an issuer that is down, in a loop.
    const unchecked = "Tokens cannot be checked now. This one may be good: do not sign in again, try again in a while.";
    const busy = { jsonrpc: "2.0", id: null, error: { code: -32603, message: unchecked }, message: unchecked };
    const later = { "Retry-After": "'30'" };
    answer("AuthorizerFailed", ResponseType.AUTHORIZER_FAILURE, "503", busy, later);
    answer("AuthorizerUnreachable", ResponseType.AUTHORIZER_CONFIGURATION_ERROR, "503", busy, later);
    const tooMany = "Too many requests, of everybody together. Come back in a second.";
    const data = { kind: "overused", retryAfterSeconds: 1 };
    const slower = {
      jsonrpc: "2.0",
      id: null,
      error: { code: OWN_CODE.overused, message: tooMany, data },
      message: tooMany,
    };
    answer("TooMany", ResponseType.THROTTLED, "429", slower, { "Retry-After": "'1'" });
    answer("NoSuchPath", ResponseType.MISSING_AUTHENTICATION_TOKEN, "404", { message: "There is nothing here" }, {});
  }

  private acknowledge(): void {
    const stage = this.api.deploymentStage;
    acknowledge(
      stage,
      ["NIST.800.53.R5-APIGWCacheEnabledAndEncrypted"],
      "MCP answers belong to one identity and must never be cached.",
    );
    acknowledge(
      this.api,
      ["AwsSolutions-APIG2"],
      "A message's shape is the protocol's: the gateway checks it and answers in the protocol's terms, which API Gateway's validator cannot.",
    );
    acknowledgeFindings(
      this.api,
      "AwsSolutions-IAM4",
      /AmazonAPIGatewayPushToCloudWatchLogs$/,
      "API Gateway documents this policy as the one for its account-wide log role.",
    );
  }
}
