import type { Client } from "@modelcontextprotocol/client";

type Script = (client: Client, context: Readonly<Record<string, unknown>>) => Promise<void>;

interface Call {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
}

/** What the client does in the scenarios about the wire, by the scenario's name. */
export const WIRE: ReadonlyMap<string, Script> = new Map<string, Script>([
  ["initialize", list],
  ["request-metadata", list],
  ["json-schema-ref-no-deref", list],
  ["tools_call", (client) => call(client, { name: "add_numbers", arguments: { a: 2, b: 3 } })],
  [
    "elicitation-sep1034-client-defaults",
    (client) => call(client, { name: "test_client_elicitation_defaults", arguments: {} }),
  ],
  ["sse-retry", (client) => call(client, { name: "test_reconnection", arguments: {} })],
  ["sep-2322-client-request-state", rounds],
  ["http-standard-headers", everyHeader],
  ["http-custom-headers", givenCalls],
  ["http-invalid-tool-headers", everyTool],
  ["json-schema-2020-12-preservation", echoSchema],
]);

async function list(client: Client): Promise<void> {
  await client.listTools();
}

async function call(client: Client, made: Call): Promise<void> {
  await client.listTools();
  await client.callTool(made);
}

/** Two calls at once, so that the state of one could leak into the other. */
async function rounds(client: Client): Promise<void> {
  await client.listTools();
  const run = (name: string) => client.callTool({ name, arguments: {} });
  await Promise.all([run("test_mrtr_echo_state"), run("test_mrtr_unrelated")]);
  await run("test_mrtr_no_state");
  // The SDK refuses a modern result without a type; what matters is that it does not call again.
  await run("test_mrtr_no_result_type").catch(() => undefined);
}

async function everyHeader(client: Client): Promise<void> {
  for (const { name } of (await client.listTools()).tools) await client.callTool({ name, arguments: {} });
  for (const { uri } of (await client.listResources()).resources) await client.readResource({ uri });
  for (const { name } of (await client.listPrompts()).prompts) await client.getPrompt({ name });
}

async function givenCalls(client: Client, { toolCalls }: Readonly<Record<string, unknown>>): Promise<void> {
  await client.listTools();
  for (const made of toolCalls as Call[]) await client.callTool(made);
}

/** Calls what the SDK lists: tools with an impossible header are not among them. */
async function everyTool(client: Client): Promise<void> {
  for (const { name, inputSchema } of (await client.listTools()).tools) {
    const names = Object.keys(inputSchema.properties ?? {});
    await client.callTool({ name, arguments: Object.fromEntries(names.map((key) => [key, "eu-central-1"])) });
  }
}

async function echoSchema(client: Client): Promise<void> {
  const { tools } = await client.listTools();
  const schema = tools.find(({ name }) => name === "json_schema_2020_12_tool")?.inputSchema;
  await client.callTool({ name: "json_schema_echo", arguments: { schema } });
}
