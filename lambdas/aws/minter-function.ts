import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { UpstreamFailure } from "../domain/upstream/answer.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import type { Mint, Minted } from "../upstream/credentials/token-mint.ts";
import { clientOptions } from "./clients.ts";

/** Milliseconds until the minter must have answered: it may be starting, and gives the token endpoint five seconds twice. */
const PATIENCE = 15_000;

/** The function outside the VPC that gets tokens. */
export function minterFunction(environment: Environment): Mint {
  const client = new LambdaClient(clientOptions(environment, "LAMBDA", PATIENCE));
  const FunctionName = requireEnv(environment, ENV.minter);
  return async (request) => {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(request) }),
    );
    if (FunctionError !== undefined || Payload === undefined) throw new Error("the minter failed");
    const minted = JSON.parse(Buffer.from(Payload).toString()) as Minted;
    if ("failure" in minted) throw new UpstreamFailure(minted.failure, false);
    return minted.token;
  };
}
