import type { InboundFederationTriggerEvent, PreTokenGenerationV2TriggerEvent } from "aws-lambda";
import { EMAIL } from "../lib/saml-config.ts";

const common = {
  version: "1",
  region: "eu-central-1",
  userPoolId: "eu-central-1_Example",
  userName: "company_dana@example.com",
  callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId: "4ocognitoclient" },
};

/** What Cognito says when an assertion came. */
export const inbound = (samlResponse: object, providerName = "company"): InboundFederationTriggerEvent => ({
  ...common,
  triggerSource: "InboundFederation_ExternalProvider",
  request: {
    providerName,
    providerType: "SAML",
    attributes: { samlResponse: samlResponse as Record<string, string> },
  },
  response: { userAttributesToMap: {} },
});

export const DANA = { [EMAIL]: "Dana@example.com", displayName: "Dana Developer", groups: "[developers, approvers]" };

/** What Cognito says before it makes tokens. */
export const beforeTokens = (
  carried: string | undefined,
  change: object = {},
  status = "EXTERNAL_PROVIDER",
): PreTokenGenerationV2TriggerEvent => ({
  ...common,
  version: "2",
  triggerSource: "TokenGeneration_HostedAuth",
  request: {
    userAttributes: {
      sub: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
      "cognito:user_status": status,
      identities:
        '[{"userId":"dana@example.com","providerName":"company","providerType":"SAML","issuer":"https://login.example.com","primary":true,"dateCreated":1900000000000}]',
      ...(carried === undefined ? {} : { "custom:countersign": carried }),
    },
    groupConfiguration: {
      groupsToOverride: ["eu-central-1_Example_company"],
      iamRolesToOverride: [],
      preferredRole: undefined,
    },
    scopes: ["openid"],
  },
  response: { claimsAndScopeOverrideDetails: {} },
  ...change,
});
