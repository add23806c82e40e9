import type { LocalServer } from "../../local/local-config.ts";
import { startLocalStack } from "../../local/stack.ts";
import { startShim } from "./shim.ts";

/** The account that the suites call as; the starter policies let it call what is free of risk. */
const CALLER = "developer";

/** Servers as a client meets them through the gateway. */
export interface BehindGateway {
  /** URL of a server by the name it is registered under; whoever calls it is signed in already. */
  urlOf(server: string): string;
  stop(): Promise<void>;
}

/** Starts the local stack in front of these servers, and a shim in front of the stack. */
export async function startBehindGateway(servers: readonly LocalServer[]): Promise<BehindGateway> {
  const stack = await startLocalStack({ moreServers: servers });
  try {
    const shim = await startShim(stack.publicUrl, await stack.token(CALLER, "mcp"));
    return {
      urlOf: (server) => `${shim.origin}/mcp/${server}`,
      stop: async () => {
        await shim.stop();
        await stack.stop();
      },
    };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}
