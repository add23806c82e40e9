import { Duration } from "aws-cdk-lib";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { ServerConfig } from "../config/schema.ts";
import { isMintedOutside } from "../config/server-secrets.ts";
import { PLAIN_PATH } from "../constants.ts";
import { GatewayFunction, type GatewayFunctionProps } from "./gateway-function.ts";

export interface MinterProps
  extends Pick<GatewayFunctionProps, "settingsFile" | "logKey" | "deadLetters" | "environment"> {
  readonly servers: readonly ServerConfig[];
  /** It reads the secrets of the clients that it stands for. */
  readonly statements: readonly PolicyStatement[];
}

/** The function that gets tokens from the internet for servers in the VPC; undefined where none needs it. */
export const minter = (scope: Construct, { servers, ...props }: MinterProps): GatewayFunction | undefined =>
  servers.some(isMintedOutside)
    ? new GatewayFunction(scope, "Minter", {
        ...props,
        service: "minter",
        description: "Gets tokens of public authorization servers for servers in the VPC",
        rolePath: PLAIN_PATH,
        timeout: Duration.seconds(15),
        memorySize: 512,
        reserved: 10,
      })
    : undefined;
