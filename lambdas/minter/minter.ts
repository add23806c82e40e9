import middy from "@middy/core";
import { isMintedOutside } from "../../lib/config/server-secrets.ts";
import { secretsManager } from "../aws/secrets.ts";
import { UpstreamFailure } from "../domain/upstream/answer.ts";
import type { Environment } from "../environment.ts";
import { operatorLog } from "../operator-log.ts";
import { loadSettings } from "../settings.ts";
import { step } from "../upstream/credentials/no-credential.ts";
import { tokenEndpoints } from "../upstream/credentials/token-endpoint.ts";
import type { Minted, TokenRequest } from "../upstream/credentials/token-mint.ts";
import { mayCallItself } from "../upstream/may-call-itself.ts";

/**
 * Gets tokens for servers in the VPC from token endpoints on the internet, outside the VPC. It alone may read those clients' secrets,
 * and it is invoked by the data path alone.
 */
export function createMinter(environment: Environment) {
  const { config } = loadSettings(environment);
  const mint = tokenEndpoints({
    servers: config.servers.filter(isMintedOutside),
    secrets: secretsManager(environment),
    loopback: mayCallItself(environment),
  });
  const log = operatorLog("minter");
  return middy<TokenRequest>().handler(async (request): Promise<Minted> => {
    try {
      return { token: await step("its authorization server gave no token", () => mint(request)) };
    } catch (cause) {
      if (!(cause instanceof UpstreamFailure)) throw cause;
      // In words that were made for callers; an error of the function's would say less to them and alarm for a wrong secret.
      log.warn("no token", { server: request.server, reason: cause.message });
      return { failure: cause.message };
    }
  });
}
