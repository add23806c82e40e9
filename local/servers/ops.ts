import { createServer } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { closeServer, listen } from "../port.ts";
import { refuseStrangers } from "./guard.ts";
import { type Execution, opsTools } from "./ops-tools.ts";

/** Our own sample server: what an operations team would want watched. Both eras of the protocol at one URL. */
export interface OpsServer {
  readonly url: string;
  /** Every run of a tool since the start, in order. */
  readonly executions: readonly Execution[];
  stop(): Promise<void>;
}

/** @param secret what `Authorization: Bearer` must carry */
export async function startOps(secret: string): Promise<OpsServer> {
  const executions: Execution[] = [];
  const handler = createMcpHandler(() => opsTools(executions));
  const answer = toNodeHandler(handler);
  const server = createServer((request, response) => {
    if (!refuseStrangers(request, response, secret)) void answer(request, response);
  });
  const url = `http://127.0.0.1:${await listen(server)}/mcp`;
  return {
    url,
    executions,
    stop: async () => {
      await handler.close();
      await closeServer(server);
    },
  };
}
