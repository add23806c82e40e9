import { McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";
import { sampleConfig } from "./sample-secrets.ts";

/** One run of a tool. */
export interface Execution {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The tools of an operations team. They only write down what they were asked: nothing on this machine changes. */
export function opsTools(log: Execution[]): McpServer {
  const server = new McpServer({ name: "ops", version: "1.0.0" });
  const note = (tool: string, given: Readonly<Record<string, unknown>>) =>
    log.push({ tool, arguments: given, at: Date.now() });
  const text = (words: string) => ({ content: [{ type: "text" as const, text: words }] });
  const roles = () => log.filter((entry) => entry.tool === "create_role").map((entry) => String(entry.arguments.name));

  const declare = <Shape extends z.ZodObject>(
    name: string,
    description: string,
    inputSchema: Shape,
    run: (given: Record<string, string>) => {
      content: { type: "text"; text: string }[];
      structuredContent?: Record<string, unknown>;
    },
  ) =>
    server.registerTool(name, { description, inputSchema: inputSchema as z.ZodObject }, async (given) => {
      note(name, given);
      return run(given as Record<string, string>);
    });

  declare(
    "create_role",
    "Creates an IAM role",
    z.object({ name: z.string().describe("Name of the role") }),
    ({ name }) => text(`Created role ${name}, run ${log.length}`),
  );
  declare("list_roles", "Lists the IAM roles that were created", z.object({}), () => text(JSON.stringify(roles())));
  declare(
    "upload_object",
    "Uploads an object to a bucket",
    z.object({ bucket: z.string(), key: z.string(), body: z.string() }),
    ({ bucket, key, body = "" }) => text(`Uploaded ${body.length} characters to s3://${bucket}/${key}`),
  );
  declare("run_command", "Runs a shell command on the build host", z.object({ command: z.string() }), ({ command }) =>
    text(`Ran: ${command}`),
  );
  declare("read_config", "Reads the configuration of a service", z.object({ name: z.string() }), ({ name = "" }) => {
    const config = sampleConfig(name);
    return { ...text(JSON.stringify(config, null, 2)), structuredContent: config };
  });
  declare("delete_everything", "Deletes every resource of the account", z.object({}), () => text("Deleted everything"));
  return server;
}
