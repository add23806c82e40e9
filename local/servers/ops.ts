import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";
import { closeServer, listen } from "../port.ts";
import { guardedServer } from "./guarded.ts";
import { opsSecrets } from "./ops-secrets.ts";

/** A tool that ran, and with what. */
export interface Execution {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A server with tools worth guarding. It changes nothing but its own memory. */
export interface OpsServer {
  readonly url: string;
  readonly credential: string;
  readonly executions: readonly Execution[];
  /** Texts that must never reach a caller. */
  readonly secrets: readonly string[];
  /** How often a tool ran with that name as its argument. */
  executionsOf(tool: string, name: string): number;
  /** Calls back once, when the next tool has run and before its answer leaves. */
  afterNextExecution(then: () => Promise<void>): void;
  stop(): Promise<void>;
}

/** Starts the server on loopback, both eras of MCP at one URL. */
export async function startOps(credential: string): Promise<OpsServer> {
  const executions: Execution[] = [];
  const secrets = opsSecrets();
  let hook: (() => Promise<void>) | undefined;

  const ran = async (tool: string, args: Readonly<Record<string, unknown>>, text: string) => {
    executions.push({ tool, arguments: args, at: Date.now() });
    const then = hook;
    hook = undefined;
    await then?.();
    return { content: [{ type: "text" as const, text }] };
  };

  const makeServer = () => {
    const server = new McpServer({ name: "ops", version: "1.0.0" });
    const name = z.string().describe("Name");
    server.registerTool(
      "create_role",
      { description: "Creates an IAM role", inputSchema: z.object({ name }) },
      (args) => ran("create_role", args, `created role ${args.name}`),
    );
    server.registerTool("list_roles", { description: "Lists the roles created here" }, () =>
      ran("list_roles", {}, JSON.stringify(rolesOf(executions))),
    );
    server.registerTool(
      "upload_object",
      {
        description: "Uploads text to a bucket",
        inputSchema: z.object({ bucket: z.string(), key: z.string(), body: z.string() }),
      },
      (args) => ran("upload_object", args, `uploaded ${args.body.length} characters to ${args.bucket}/${args.key}`),
    );
    server.registerTool(
      "run_command",
      { description: "Notes a shell command; runs nothing", inputSchema: z.object({ command: z.string() }) },
      (args) => ran("run_command", args, `noted: ${args.command}`),
    );
    server.registerTool(
      "read_config",
      { description: "Reads a configuration", inputSchema: z.object({ name }) },
      (args) => ran("read_config", args, configText(args.name, secrets)),
    );
    server.registerTool("delete_everything", { description: "Deletes everything" }, () =>
      ran("delete_everything", {}, "deleted"),
    );
    return server;
  };

  const handle = toNodeHandler(createMcpHandler(makeServer));
  const server = guardedServer(credential, (request, response) => void handle(request, response));
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    credential,
    executions,
    secrets: [
      secrets.accessKeyId,
      secrets.secretAccessKey,
      secrets.githubToken,
      secrets.password,
      secrets.privateKey,
      secrets.email,
    ],
    executionsOf: (tool, wanted) =>
      executions.filter((entry) => entry.tool === tool && entry.arguments.name === wanted).length,
    afterNextExecution: (then) => {
      hook = then;
    },
    stop: () => closeServer(server),
  };
}

const rolesOf = (executions: readonly Execution[]) =>
  executions.filter(({ tool }) => tool === "create_role").map((entry) => entry.arguments.name);

/** Secrets among ordinary values of every JSON type. */
function configText(name: string, secrets: ReturnType<typeof opsSecrets>): string {
  return JSON.stringify({
    name,
    region: "eu-central-1",
    replicas: 3,
    ratio: 0.75,
    debug: false,
    owner: null,
    tags: ["blue", "green"],
    aws: { accessKeyId: secrets.accessKeyId, secretAccessKey: secrets.secretAccessKey },
    database: { host: "db.internal", port: 5432, user: "app", password: secrets.password },
    githubToken: secrets.githubToken,
    deployKey: secrets.privateKey,
    contact: secrets.email,
  });
}
