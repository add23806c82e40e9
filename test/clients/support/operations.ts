import { SAMPLE } from "../../../local/servers/sample-secrets.ts";
import type { Method, Params, Peer } from "./peer.ts";

/** One thing that a client does with a server, and what of its result the gateway may change. */
export interface Operation {
  readonly title: string;
  readonly method: Method;
  readonly params?: Params;
  /** From the server's own result to the one that the caller must see. @default the same */
  readonly shown?: (result: unknown) => unknown;
}

/** Operations by server. Some succeed, and some fail as only the server can make them fail. */
export const OPERATIONS: Readonly<Record<"everything" | "ops" | "lab", readonly Operation[]>> = {
  everything: [
    { title: "lists tools", method: "tools/list" },
    { title: "lists prompts", method: "prompts/list" },
    { title: "lists resources", method: "resources/list" },
    { title: "lists templates", method: "resources/templates/list" },
    call("echo", { message: 'grüezi \u{1f41f} \u2028 \\ "quoted"' }),
    call("get-sum", { a: 0.1, b: 1e21 }),
    call("get-tiny-image"),
    call("get-annotated-message", { messageType: "error", includeImage: true }),
    call("get-structured-content", { location: "Chicago" }),
    call("get-resource-links", { count: 3 }),
    call("get-resource-reference", { resourceType: "Blob", resourceId: 2 }),
    call("get-sum", { a: "no number" }),
    call("no-such-tool"),
    { title: "reads a text", method: "resources/read", params: { uri: "demo://resource/static/document/features.md" } },
    { title: "reads a blob", method: "resources/read", params: { uri: "demo://resource/dynamic/blob/7" } },
    { title: "reads nothing", method: "resources/read", params: { uri: "demo://nowhere" } },
    { title: "gets a prompt", method: "prompts/get", params: { name: "simple-prompt" } },
    {
      title: "gets a prompt with arguments",
      method: "prompts/get",
      params: { name: "args-prompt", arguments: { city: "Basel", state: "BS" } },
    },
    { title: "gets no prompt", method: "prompts/get", params: { name: "no-such-prompt" } },
    {
      title: "completes",
      method: "completion/complete",
      params: { ref: { type: "ref/prompt", name: "completable-prompt" }, argument: { name: "department", value: "E" } },
    },
    { title: "pings", method: "ping" },
    { title: "sets the logging level", method: "logging/setLevel", params: { level: "warning" } },
  ],
  ops: [
    { title: "lists tools", method: "tools/list", shown: withoutTool("delete_everything") },
    call("run_command", { command: "uptime" }),
    { ...call("read_config", { name: "billing" }), shown: masked },
    call("no_such_tool"),
    call("run_command"),
    {
      title: "asks for a method that the server has not",
      method: "completion/complete",
      params: { ref: { type: "ref/prompt", name: "none" }, argument: { name: "none", value: "" } },
    },
    { title: "pings", method: "ping" },
  ],
  lab: [
    { title: "lists tools", method: "tools/list" },
    { title: "lists prompts", method: "prompts/list" },
    { title: "lists resources", method: "resources/list" },
    { title: "lists templates", method: "resources/templates/list" },
    call("count", { to: 2 }),
    call("measure", { of: "twelve words" }),
    call("measure", { of: 12 }),
    { title: "reads", method: "resources/read", params: { uri: "lab://note" } },
    { title: "reads nothing", method: "resources/read", params: { uri: "lab://nothing" } },
    { title: "gets a prompt", method: "prompts/get", params: { name: "brief", arguments: { topic: "sea" } } },
    { title: "misses an argument", method: "prompts/get", params: { name: "brief" } },
    {
      title: "completes",
      method: "completion/complete",
      params: { ref: { type: "ref/prompt", name: "brief" }, argument: { name: "topic", value: "se" } },
    },
    { title: "pings", method: "ping" },
    { title: "sets the logging level", method: "logging/setLevel", params: { level: "error" } },
  ],
};

function call(name: string, args?: Params): Operation {
  const given = args === undefined ? "" : ` with ${JSON.stringify(args)}`;
  return {
    title: `calls ${name}${given}`,
    method: "tools/call",
    params: { name, ...(args === undefined ? {} : { arguments: args }) },
  };
}

/** What came of an operation: a result as it is, an error by what a host sees of it. */
export type Outcome = { readonly result: unknown } | { readonly error: unknown };

/** Does it, and makes of it what can be compared between two connections. */
export async function outcome(peer: Pick<Peer, "ask">, { method, params }: Operation): Promise<Outcome> {
  try {
    return { result: timeless(await peer.ask(method, params)) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { name, message } = error;
    const code = "code" in error ? error.code : undefined;
    const data = "data" in error ? error.data : undefined;
    return { error: timeless({ name, message, code, data }) };
  }
}

/** The server writes its clock into some texts; Base64 of it included. */
function timeless(value: unknown): unknown {
  return mapTexts(value, (text) => {
    const plain = /^[A-Za-z0-9+/]{40,}={0,2}$/.test(text) ? Buffer.from(text, "base64").toString("latin1") : "";
    return (plain.includes(" created at ") ? plain : text).replace(/\d{1,2}:\d{2}:\d{2} [AP]M/, "(time)");
  });
}

function masked(result: unknown): unknown {
  const kinds = {
    awsAccessKeyId: "AWS_ACCESS_KEY_ID",
    awsSecretAccessKey: "AWS_SECRET_ACCESS_KEY",
    githubToken: "GITHUB_TOKEN",
    slackToken: "SLACK_TOKEN",
    password: "PASSWORD",
    email: "EMAIL_ADDRESS",
    privateKey: "PRIVATE_KEY",
  } as const satisfies Record<keyof typeof SAMPLE, string>;
  const secrets = Object.entries(kinds) as [keyof typeof SAMPLE, string][];
  return mapTexts(result, (text) =>
    secrets.reduce(
      (shown, [name, kind]) =>
        shown.replaceAll(SAMPLE[name], `[${kind}]`).replaceAll(JSON.stringify(SAMPLE[name]).slice(1, -1), `[${kind}]`),
      text,
    ),
  );
}

/** A list without a tool, wherever a client keeps the list in what it returns. */
function withoutTool(hidden: string): (result: unknown) => unknown {
  const without = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.filter((item) => item?.name !== hidden).map(without);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, without(item)]));
  };
  return without;
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}
