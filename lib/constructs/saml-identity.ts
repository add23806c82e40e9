import { CfnOutput, Duration, Stack } from "aws-cdk-lib";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { ENV } from "../../lambdas/environment.ts";
import type { Config } from "../config/schema.ts";
import { PLAIN_PATH } from "../constants.ts";
import { GatewayFunction, type GatewayFunctionProps } from "./gateway-function.ts";
import { SamlPool } from "./saml-pool.ts";

export interface SamlIdentityProps extends Pick<GatewayFunctionProps, "settingsFile" | "logKey" | "deadLetters"> {
  readonly config: Config;
  readonly statements: readonly PolicyStatement[];
}

/** The user pool of a provider that speaks SAML, and the function that it asks; see docs/decisions/0019. */
export class SamlIdentity extends Construct {
  readonly federation: GatewayFunction;
  /** What every function is told that reads the settings. */
  readonly environment: Readonly<Record<string, string>>;

  private constructor(scope: Construct, id: string, saml: SamlConfigGiven, props: SamlIdentityProps) {
    super(scope, id);
    const { config, ...own } = props;
    this.federation = new GatewayFunction(this, "Federation", {
      ...own,
      service: "federation",
      description: "Takes what a SAML provider says of a person into tokens",
      environment: {},
      rolePath: PLAIN_PATH,
      // Cognito waits five seconds.
      timeout: Duration.seconds(5),
      memorySize: 512,
      reserved: 10,
    });
    const { pool, facts } = new SamlPool(this, "Users", {
      saml,
      publicUrl: config.publicUrl ?? "",
      federation: this.federation.function,
    });
    this.environment = { [ENV.identityPool]: Stack.of(this).toJsonString(facts) };
    const stack = Stack.of(this);
    new CfnOutput(stack, "SamlEntityId", { value: `urn:amazon:cognito:sp:${pool.userPoolId}` });
    new CfnOutput(stack, "SamlAnswersTo", { value: `${facts.domain}/saml2/idpresponse` });
  }

  /** Undefined where no provider speaks SAML. */
  static where(scope: Construct, id: string, props: SamlIdentityProps): SamlIdentity | undefined {
    const { saml } = props.config.identity;
    return saml == null ? undefined : new SamlIdentity(scope, id, saml, props);
  }
}

type SamlConfigGiven = NonNullable<Config["identity"]["saml"]>;
