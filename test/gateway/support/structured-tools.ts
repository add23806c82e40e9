import * as z from "zod";
import { INITIALIZED, JSON_TYPE, rpc, type Script } from "../../support/scripted-server.ts";

export const MAIL = "ada.lovelace@example.com";
export const TOKEN = `${"gh"}p_${"16C7e42F292c6912E7710c838347Ae178B4a"}`;
const LINK = `https://ada:${TOKEN}@example.com/x`;
const base64 = (text: string, encoding: BufferEncoding = "utf8") => Buffer.from(text, encoding).toString("base64");

/** A tool, and the one answer it has. */
export interface StructuredTool {
  readonly name: string;
  readonly outputSchema?: object;
  readonly structuredContent?: object;
  readonly content?: readonly object[];
  /** It may run as a task. */
  readonly asTask?: true;
}

const email = { type: "string", format: "email" };
const uri = { type: "string", format: "uri" };
const object = (properties: object, more: object = {}) => ({ type: "object", properties, ...more });
const branch = (kind: string, value: object) =>
  object(
    { kind: { type: "string", const: kind }, value },
    { required: ["kind", "value"], additionalProperties: false },
  );
const ofZod = (type: z.ZodType) => z.toJSONSchema(type) as object;
const embedded = (resource: object) => [{ type: "resource", resource: { uri: "test://x", ...resource } }];

const contact = z.discriminatedUnion("type", [
  z.object({ type: z.literal("email"), value: z.email() }),
  z.object({ type: z.literal("url"), value: z.url() }),
  z.object({ type: z.literal("ip"), value: z.ipv4(), seen: z.iso.datetime() }),
]);

/** What servers answer that clients are strict about; every answer holds a secret or somebody's address. */
export const STRUCTURED_TOOLS: readonly StructuredTool[] = [
  {
    name: "union",
    outputSchema: ofZod(z.object({ contacts: z.array(contact), first: contact.nullable() })),
    structuredContent: {
      contacts: [
        { type: "url", value: LINK },
        { type: "email", value: MAIL },
        { type: "ip", value: "81.2.69.142", seen: "2026-11-21T10:00:00Z" },
      ],
      first: { type: "email", value: MAIL },
    },
  },
  {
    name: "one_of",
    outputSchema: object({ a: { oneOf: [branch("site", uri), branch("mail", email)] } }, { required: ["a"] }),
    structuredContent: { a: { kind: "mail", value: MAIL } },
  },
  {
    name: "patterns_closed",
    outputSchema: object({}, { patternProperties: { "@": { type: "string" } }, unevaluatedProperties: false }),
    structuredContent: { [MAIL]: "yes" },
  },
  {
    name: "branches_alike",
    outputSchema: object({ a: { anyOf: [object({ v: email, w: uri }), object({ v: uri, w: email })] } }),
    structuredContent: { a: { v: LINK, w: MAIL } },
  },
  {
    name: "formats",
    outputSchema: object({
      all: { type: "array", uniqueItems: true, items: { anyOf: [uri, email, { type: "string", format: "ipv4" }] } },
      ids: { type: "array", items: { type: "string", pattern: "^(?=gh)\\w+$" } },
      short: { type: "string", maxLength: 24, format: "email" },
      some: { type: "array", contains: { type: "string", pattern: "@example" }, items: { type: "string" } },
    }),
    structuredContent: {
      all: [MAIL, "bob@example.com", LINK, "81.2.69.142"],
      ids: [TOKEN],
      short: MAIL,
      some: ["x", MAIL],
    },
  },
  {
    name: "names",
    outputSchema: object({
      all: {
        type: "object",
        patternProperties: { "^mail": email, "^(s|x)+ite": uri },
        additionalProperties: { type: "integer", minimum: 1 },
      },
    }),
    structuredContent: { all: { mail: MAIL, site: LINK, password: 98_123_456 } },
  },
  {
    name: "in_a_task",
    asTask: true,
    outputSchema: ofZod(z.object({ to: contact, level: z.enum(["low", "high"]) })),
    structuredContent: { to: { type: "email", value: MAIL }, level: "low" },
  },
  {
    name: "picture",
    content: [
      { type: "image", mimeType: "image/svg+xml", data: base64(`<svg xmlns="x"><text>${MAIL}</text></svg>`) },
      { type: "audio", mimeType: "audio/x-notes", data: base64(`note: ${TOKEN}`) },
    ],
  },
  { name: "text_blob", content: embedded({ mimeType: "text/plain", blob: base64(`use ${TOKEN} now`) }) },
  {
    name: "wide_blob",
    content: embedded({ mimeType: "text/plain", blob: base64(`\ufeffuse ${TOKEN} now`, "utf16le") }),
  },
];

/** Serves them all; one that runs as a task is done at once. */
export const structuredServer: Script = ({ message: { id, method, params } }, response) => {
  if (id === undefined || method === undefined) return void response.writeHead(202).end();
  response.writeHead(200, JSON_TYPE).end(rpc({ id, result: resultOf(method, params) }));
};

function resultOf(method: string, params: { name?: string; taskId?: string; task?: object; protocolVersion?: string }) {
  const tasks = { requests: { tools: { call: {} } } };
  if (method === "initialize")
    return { ...INITIALIZED, protocolVersion: params.protocolVersion, capabilities: { tools: {}, tasks } };
  if (method === "tools/list") return { tools: STRUCTURED_TOOLS.map(listed) };
  if (method === "tasks/get") return taskOf(params.taskId ?? "");
  const tool = STRUCTURED_TOOLS.find(({ name }) => name === (params.taskId ?? params.name));
  if (method === "tools/call" && params.task !== undefined) return { task: taskOf(tool?.name ?? "") };
  const { structuredContent, content = [{ type: "text", text: JSON.stringify(structuredContent) }] } = tool ?? {};
  return { content, ...(structuredContent === undefined ? {} : { structuredContent }) };
}

const listed = ({ name, outputSchema, asTask }: StructuredTool) => ({
  name,
  inputSchema: { type: "object" },
  ...(outputSchema === undefined ? {} : { outputSchema }),
  ...(asTask ? { execution: { taskSupport: "required" } } : {}),
});

const taskOf = (taskId: string) => ({
  taskId,
  status: "completed",
  ttl: 60_000,
  createdAt: "2026-11-21T10:00:00Z",
  lastUpdatedAt: "2026-11-21T10:00:00Z",
  pollInterval: 10,
});
