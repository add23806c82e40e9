import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import {
  AccountRecovery,
  CfnManagedLoginBranding,
  type CfnUserPool,
  ClientAttributes,
  FeaturePlan,
  LambdaVersion,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  ProviderAttribute,
  SigningAlgorithm,
  StringAttribute,
  UserPool,
  type UserPoolClient,
  UserPoolClientIdentityProvider,
  type UserPoolDomain,
  UserPoolIdentityProviderSaml,
  UserPoolIdentityProviderSamlMetadata,
  UserPoolOperation,
} from "aws-cdk-lib/aws-cognito";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { PoolFacts } from "../../lambdas/domain/identity/pool.ts";
import { CARRIER, CARRIER_ATTRIBUTE } from "../../lambdas/federation/carrier.ts";
import { acknowledge } from "../acknowledge.ts";
import type { SamlConfig } from "../config/saml.ts";

export interface SamlPoolProps {
  readonly saml: SamlConfig;
  /** Origin of the console. */
  readonly publicUrl: string;
  /** Takes what the provider asserts into the tokens. */
  readonly federation: IFunction;
}

/** Longest value of an attribute. */
const LONGEST = 2048;

/** A user pool that nobody but a SAML provider signs people in to, so that what speaks SAML gives OIDC tokens. */
export class SamlPool extends Construct {
  /** What functions must be told of it. */
  readonly facts: PoolFacts;
  readonly pool: UserPool;

  constructor(scope: Construct, id: string, { saml, publicUrl, federation }: SamlPoolProps) {
    super(scope, id);
    const { region, urlSuffix } = Stack.of(this);
    this.pool = this.userPool(federation);
    const provider = this.provider(saml);
    const domain = this.pool.addDomain("Domain", {
      cognitoDomain: { domainPrefix: saml.domainPrefix },
      // Only these pages take `prompt=login`, by which the console asks for a new sign-in, and `resource` (RFC 8707).
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    const mcp = this.client("Mcp", saml, saml.redirectUris, { provider, domain });
    const console = this.client("Console", saml, [`${publicUrl}/console/`], { provider, domain });
    this.facts = {
      issuer: `https://cognito-idp.${region}.${urlSuffix}/${this.pool.userPoolId}`,
      domain: domain.baseUrl(),
      mcpClient: mcp.userPoolClientId,
      consoleClient: console.userPoolClientId,
    };
  }

  private userPool(federation: IFunction): UserPool {
    const pool = new UserPool(this, "Pool", {
      // Access tokens take claims of ours from this plan on.
      featurePlan: FeaturePlan.ESSENTIALS,
      selfSignUpEnabled: false,
      // Another person may have the same NameID but for its case.
      signInCaseSensitive: true,
      accountRecovery: AccountRecovery.NONE,
      mfa: Mfa.OFF,
      passwordPolicy: {
        minLength: 99,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
      },
      customAttributes: { [CARRIER]: new StringAttribute({ mutable: true, minLen: 1, maxLen: LONGEST }) },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    pool.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, federation, LambdaVersion.V2_0);
    // The pool's right to invoke covers this one too, which CDK has no name for.
    (pool.node.defaultChild as CfnUserPool).addPropertyOverride("LambdaConfig.InboundFederation", {
      LambdaArn: federation.functionArn,
      LambdaVersion: LambdaVersion.V1_0,
    });
    acknowledge(
      pool,
      ["AwsSolutions-COG2"],
      "Nobody signs in to the pool itself: it has no passwords, and the SAML provider asks for the second factor.",
    );
    acknowledge(
      pool,
      ["AwsSolutions-COG8"],
      "What the plan adds watches passwords and sign-ins of the pool's own, of which there are none.",
    );
    return pool;
  }

  private provider({ name, metadataUrl, encryptedAssertions }: SamlConfig): UserPoolIdentityProviderSaml {
    return new UserPoolIdentityProviderSaml(this, "Provider", {
      userPool: this.pool,
      name,
      metadata: UserPoolIdentityProviderSamlMetadata.url(metadataUrl),
      requestSigningAlgorithm: SigningAlgorithm.RSA_SHA256,
      encryptedResponses: encryptedAssertions,
      // An answer that nobody asked for could sign a person in to somebody else's session.
      idpInitiated: false,
      attributeMapping: { custom: { [CARRIER_ATTRIBUTE]: ProviderAttribute.other(CARRIER) } },
    });
  }

  /** A client without a secret, for the code grant alone. It may not change attributes: it lacks Cognito's scope for that. */
  private client(
    id: string,
    saml: SamlConfig,
    callbackUrls: readonly string[],
    { provider, domain }: { readonly provider: UserPoolIdentityProviderSaml; readonly domain: UserPoolDomain },
  ): UserPoolClient {
    const attributes = new ClientAttributes().withCustomAttributes(CARRIER);
    const client = this.pool.addClient(id, {
      generateSecret: false,
      supportedIdentityProviders: [UserPoolClientIdentityProvider.custom(provider.providerName)],
      // One must be named, and the one that works without a password has no triggers here, so that it leads nowhere.
      authFlows: { custom: true },
      oAuth: {
        flows: { authorizationCodeGrant: true, implicitCodeGrant: false, clientCredentials: false },
        scopes: [OAuthScope.OPENID],
        callbackUrls: [...callbackUrls],
      },
      accessTokenValidity: Duration.seconds(saml.tokenLifetime),
      idTokenValidity: Duration.seconds(saml.tokenLifetime),
      refreshTokenValidity: Duration.seconds(saml.refreshFor),
      refreshTokenRotationGracePeriod: Duration.seconds(60),
      enableTokenRevocation: true,
      preventUserExistenceErrors: true,
      readAttributes: attributes,
      // The provider's attributes are written by way of the client.
      writeAttributes: attributes,
    });
    // Without a style these pages are not served.
    const style = new CfnManagedLoginBranding(this, `${id}Pages`, {
      userPoolId: this.pool.userPoolId,
      clientId: client.userPoolClientId,
      useCognitoProvidedValues: true,
    });
    style.node.addDependency(domain);
    return client;
  }
}
