import middy from "@middy/core";
import type { InboundFederationTriggerEvent, PreTokenGenerationV2TriggerEvent } from "aws-lambda";
import { CountersignError } from "../domain/error.ts";
import { carried, carry, readAssertion } from "../domain/identity/assertion.ts";
import { POOL_CLAIMS } from "../domain/identity/pool.ts";
import type { Environment } from "../environment.ts";
import { readSettings } from "../settings.ts";
import { CARRIER, CARRIER_ATTRIBUTE } from "./carrier.ts";

type Trigger = InboundFederationTriggerEvent | PreTokenGenerationV2TriggerEvent;

/** Sign-ins on the pool's pages and what renews them. Nobody has a password in the pool, so there is no other. */
const SOURCES: readonly string[] = ["TokenGeneration_HostedAuth", "TokenGeneration_RefreshTokens"];

/**
 * Takes what a SAML provider says of a person into the tokens of the user pool. Cognito asks twice: when an assertion came, what
 * to keep of it; and before it makes tokens, what to put into them. What fails here ends the sign-in.
 */
export function createFederation(environment: Environment) {
  const { config } = readSettings(environment);
  const { saml } = config.identity;
  if (saml == null) throw new Error("The configuration names no SAML provider");

  const asserted = (event: InboundFederationTriggerEvent): Trigger => {
    const { providerName, attributes } = event.request;
    if (providerName !== saml.name) throw new CountersignError("token_invalid", "this provider is not configured");
    const text = carry(readAssertion(attributes.samlResponse ?? {}, saml, config.groups));
    // Nothing else is kept. Whole each time: Cognito would keep an attribute that an assertion no longer has, such as groups
    // that somebody was taken out of.
    return { ...event, response: { userAttributesToMap: { [CARRIER]: text, [CARRIER_ATTRIBUTE]: text } } };
  };

  const tokens = (event: PreTokenGenerationV2TriggerEvent): Trigger => {
    const { userAttributes } = event.request;
    if (!SOURCES.includes(event.triggerSource) || userAttributes["cognito:user_status"] !== "EXTERNAL_PROVIDER")
      throw new CountersignError("token_invalid", "people sign in by the SAML provider alone");
    const { groups, person, name } = carried(userAttributes[CARRIER_ATTRIBUTE]);
    const claims = { [POOL_CLAIMS.groups]: groups, [POOL_CLAIMS.person]: person, [POOL_CLAIMS.name]: name };
    return {
      ...event,
      response: {
        claimsAndScopeOverrideDetails: {
          idTokenGeneration: { claimsToAddOrOverride: { name }, claimsToSuppress: [CARRIER_ATTRIBUTE] },
          // From the second version of this event on a claim may be a list, which its types do not say.
          accessTokenGeneration: { claimsToAddOrOverride: claims as unknown as Record<string, string> },
        },
      },
    };
  };

  return middy<Trigger, Trigger>().handler(async (event) =>
    event.triggerSource === "InboundFederation_ExternalProvider" ? asserted(event) : tokens(event),
  );
}
