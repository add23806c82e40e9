import type { LocalServer } from "../../local/local-config.ts";
import { SAMPLE } from "../../local/servers/sample-secrets.ts";
import { INITIALIZED, JSON_TYPE, pause, rpc, type Script, STREAM_TYPE, sse } from "../support/scripted-server.ts";

/** Longer than what a record holds itself, with a secret in it: its body and its original are kept apart. */
const LONG = `${"a quiet line of a log\n".repeat(2000)}token ${SAMPLE.githubToken}\n`;
/** Longer than a stream goes without a look at whether its principal is still welcome. */
const SILENCE = 5000;

/** Some that the starter policies ask approval for, and some that they do not. */
const TOOLS = ["create_role", "add_user", "remove_role", "put_role_policy", "read_long", "read_never", "read_note"];
/** What the server says of `read_note`; it changes in the course of the scenario. */
export const described = { read_note: "Reads a note" };

const tools = () =>
  TOOLS.map((name) => ({
    name,
    description: name === "read_note" ? described.read_note : `does ${name}`,
    inputSchema: { type: "object" },
  }));

/** Answers at once, but for `read_never`. */
export const things: Script = ({ method: http, message: { id, method, params } }, response) => {
  const answer = (result: object) =>
    void response.writeHead(200, { ...JSON_TYPE, "mcp-session-id": "inner" }).end(rpc({ id, result }));
  if (http !== "POST" || id === undefined) return void response.writeHead(202).end();
  if (method === "initialize") return answer({ ...INITIALIZED, capabilities: { tools: {} } });
  if (method === "tools/list") return answer({ tools: tools() });
  if (params?.name === "read_never") return;
  answer({ content: [{ type: "text", text: params?.name === "read_long" ? LONG : "done" }] });
};

/** Tells a secret on a stream that nobody asked it to speak on, twice. */
export const pusher: Script = async ({ method: http, message: { id, method } }, response) => {
  if (method === "initialize") {
    response.writeHead(200, { ...JSON_TYPE, "mcp-session-id": "inner" });
    return void response.end(rpc({ id, result: INITIALIZED }));
  }
  if (http !== "GET") return void response.writeHead(202).end();
  const note = (data: string) => sse({ method: "notifications/message", params: { level: "info", data } });
  response.writeHead(200, STREAM_TYPE).write(note(LONG));
  await pause(SILENCE);
  response.end(note("that is all"));
};

/** Servers that want a token, or a signature, of the gateway's. */
export const credentialed = (
  urlOf: (name: string) => string,
  {
    tokenEndpoint,
    secret,
    resource,
  }: { readonly tokenEndpoint: string; readonly secret: string; readonly resource: string },
): LocalServer[] => [
  {
    name: "minted",
    url: urlOf("minted"),
    credential: secret,
    own: {
      credential: {
        kind: "client-credentials",
        tokenEndpoint,
        tokenNetwork: "public",
        clientId: "gateway",
        secretName: "countersign/servers/minted",
        authentication: "client_secret_basic",
        scope: "call",
        audience: null,
        resource,
      },
    },
  },
  {
    name: "signed",
    url: urlOf("signed"),
    credential: "unused",
    own: {
      credential: {
        kind: "sigv4",
        service: "execute-api",
        region: "us-east-1",
        roleArn: "arn:aws:iam::123456789012:role/signed",
        resource: "arn:aws:execute-api:us-east-1:123456789012:abc/prod/POST/mcp",
        sessionFor: "15m",
      },
    },
  },
];
