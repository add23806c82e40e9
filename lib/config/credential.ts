import * as z from "zod";
import { duration } from "./duration.ts";
import { secureUrl } from "./urls.ts";

const secretName = (holds: string) =>
  z.string().min(1).describe(`Name of the Secrets Manager secret that holds ${holds}`);

const header = z.strictObject({
  kind: z.literal("header"),
  header: z.string().regex(/^[A-Za-z0-9-]+$/),
  prefix: z.string().describe("Text before the secret, such as `Bearer `"),
  secretName: secretName("the text that is sent"),
});

const sigv4 = z.strictObject({
  kind: z.literal("sigv4"),
  service: z
    .enum(["lambda", "execute-api", "bedrock-agentcore"])
    .describe("What the request is signed for: a Lambda URL, API Gateway, or Bedrock AgentCore"),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-[0-9]$/, "a region such as eu-central-1"),
  roleArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]+$/, "the ARN of a role")
    .describe("The role that is assumed, for each principal by itself"),
  resource: z
    .string()
    .regex(/^arn:aws[a-z-]*:(lambda|execute-api|bedrock-agentcore):[a-z0-9-]+:[0-9]{12}:\S+$/, "the ARN of the server")
    .describe("ARN of the function, API method or AgentCore runtime or gateway: all that a session may reach"),
  sessionFor: duration.describe("How long a session lives; 15m to 1h, which is the longest that AWS allows here"),
});

/** What a token endpoint is asked with, whatever the grant. */
const tokenEndpoint = {
  tokenEndpoint: secureUrl.describe("Where the authorization server gives tokens"),
  tokenNetwork: z
    .enum(["private", "public"])
    .describe("Where that is; for a private server, a public one is asked by a function outside the VPC"),
  clientId: z.string().min(1),
  secretName: secretName("the client's secret"),
  authentication: z.enum(["client_secret_basic", "client_secret_post"]),
  scope: z.string().min(1).nullable(),
  audience: z.string().min(1).nullable(),
  resource: z.url().nullable().describe("RFC 8707; null: it is not said"),
};

const clientCredentials = z.strictObject({ kind: z.literal("client-credentials"), ...tokenEndpoint });

const tokenExchange = z.strictObject({
  kind: z.literal("token-exchange"),
  ...tokenEndpoint,
  callersOf: z
    .array(z.string().min(1))
    .min(1)
    .describe(
      "Names of the issuers whose callers are served: their own tokens are sent to the token endpoint, and nowhere else",
    ),
  subjectTokenType: z.enum(["access_token", "id_token", "jwt"]).describe("What the callers' tokens are (RFC 8693, 3)"),
});

const mutualTls = z.strictObject({
  kind: z.literal("mutual-tls"),
  secretName: secretName('`{"certificate": "<PEM>", "key": "<PEM>"}`'),
});

/** How the gateway identifies itself to a server. */
export const credential = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  header,
  sigv4,
  clientCredentials,
  tokenExchange,
  mutualTls,
]);

export type CredentialConfig = z.infer<typeof credential>;
export type CredentialOf<Kind extends CredentialConfig["kind"]> = Extract<CredentialConfig, { kind: Kind }>;
export type TokenCredential = CredentialOf<"client-credentials" | "token-exchange">;
