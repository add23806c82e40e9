import type { Context, DynamoDBRecord } from "aws-lambda";
import { createArchiver } from "../../lambdas/archiver/archiver.ts";
import { MODERN_REVISION } from "../../lambdas/domain/mcp/constants.ts";
import { type LocalStack, startLocalStack } from "../../local/stack.ts";
import { type Item, itemBytes, writeUnits } from "./item-size.ts";
import { logLines, startLogServer } from "./log-server.ts";
import { createMeter, type Meter, type MeteredRequest } from "./meter.ts";

/** What one kind of call needs, each figure for one call. */
export interface CallUse {
  readonly requestBytes: number;
  readonly answerBytes: number;
  /** Requests to AWS while the caller waits, by service and operation. */
  readonly waits: Readonly<Record<string, number>>;
  /** Bytes of the items that it writes: in the ledger, and of its principal's row. */
  readonly ledgerBytes: number;
  readonly writeUnits: { readonly ledger: number; readonly access: number };
  /** Records that it leaves. */
  readonly records: number;
  /** Events that the exporter tells, and how many units of 64 KB they are. */
  readonly events: number;
  readonly eventUnits: number;
  /** Bytes that the gateway writes to its log, and lines. */
  readonly logBytes: number;
  readonly logLines: number;
  /** Compressed bytes that it leaves in each vault, in objects of `BATCH` records. */
  readonly maskedBytes: number;
  readonly sealedBytes: number;
  /** Write units of what the manifest says of an object. */
  readonly manifestUnits: number;
}

/** Measured on the local stack, with the product's own functions. */
export interface Measured {
  readonly plain: CallUse;
  /** The same call, whose answer holds a secret: masked, with the original sealed. */
  readonly masked: CallUse;
}

/** Bytes of a call and of its answer. */
const IN = 2048;
const OUT = 4096;
/** Calls that are measured of each kind; figures are for one of them. */
const CALLS = 150;
/** Calls before, so that keys, secrets and tools are known as they are for all but an environment's first call. */
const WARM_UP = 5;
/** Records of an archived object: what 10 calls a second bring a shard of four in 30 seconds. */
export const BATCH = 150;

const POLICY = `@id("searches")
permit (principal in Group::"developers", action == Action::"call", resource in Server::"logs");`;

/** Drives calls through the local stack and adds up what they use. */
export async function measure(): Promise<Measured> {
  const server = await startLogServer(OUT);
  const meter = createMeter();
  const stack = await startLocalStack({
    moreServers: [{ name: "logs", url: server.url, credential: "a-credential-for-benchmarks" }],
    morePolicies: POLICY,
    doorOf: meter.doorOf,
  });
  try {
    const token = await stack.token("developer", "mcp");
    return {
      plain: await figuresOf("search_logs", token, stack, meter),
      masked: await figuresOf("search_mails", token, stack, meter),
    };
  } finally {
    await stack.stop();
    await meter.stop();
    await server.stop();
  }
}

async function figuresOf(tool: string, token: string, stack: LocalStack, meter: Meter): Promise<CallUse> {
  const call = async () => {
    const body = callOf(tool);
    const headers = {
      authorization: `Bearer ${token}`,
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
      "mcp-protocol-version": MODERN_REVISION,
      "mcp-method": "tools/call",
      "mcp-name": tool,
    };
    const answer = await fetch(`${stack.publicUrl}/mcp/logs`, { method: "POST", headers, body });
    const text = await answer.text();
    if (!answer.ok || text.includes('"isError"')) throw new Error(`a call was not let through: ${text.slice(0, 300)}`);
    return Buffer.byteLength(text);
  };
  for (let at = 0; at < WARM_UP; at += 1) await call();
  await stack.drain();
  meter.reset();
  const log = countOutput();
  let answerBytes = 0;
  for (let at = 0; at < CALLS; at += 1) answerBytes += await call();
  const written = log.end();
  await stack.drain();

  const seen = [...meter.requests];
  const gateway = seen.filter(({ by }) => by === "gateway");
  const puts = gateway.filter(({ operation }) => operation === "PutItem").map(inputOf);
  const rows = gateway.filter(({ operation }) => operation === "UpdateItem").map(newItemOf);
  const told = seen.filter(({ by, operation }) => by === "exporter" && operation === "PutEvents").flatMap(detailsOf);
  const waits: Record<string, number> = {};
  for (const { service, operation } of gateway)
    waits[`${service} ${operation}`] = (waits[`${service} ${operation}`] ?? 0) + 1 / CALLS;
  return {
    requestBytes: Buffer.byteLength(callOf(tool)),
    answerBytes: answerBytes / CALLS,
    waits,
    ledgerBytes: sum(puts.map(itemBytes)) / CALLS,
    writeUnits: {
      ledger: sum(puts.map((item) => writeUnits(itemBytes(item)))) / CALLS,
      access: sum(rows.map((item) => writeUnits(itemBytes(item)))) / CALLS,
    },
    records: puts.length / CALLS,
    events: told.length / CALLS,
    eventUnits: sum(told.map((bytes) => Math.ceil(bytes / 65_536))) / CALLS,
    logBytes: written.bytes / CALLS,
    logLines: written.lines / CALLS,
    ...(await archiveOf(puts, stack, meter)),
  };
}

/** A call of 2026-07-28, as long as it is to be. */
function callOf(name: string): string {
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": MODERN_REVISION,
    "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const text = (context: string) =>
    JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name, arguments: { service: "orders-api", context }, _meta },
    });
  // A line break is one character here and two in JSON: what is too long is cut.
  const context = logLines(IN);
  let cut = IN - text("").length;
  while (text(context.slice(0, cut)).length > IN) cut -= 1;
  return text(context.slice(0, cut));
}

/** Hands the records to the archiver in batches as Lambda's stream would in production, and weighs what it stores. */
async function archiveOf(puts: readonly Item[], stack: LocalStack, meter: Meter) {
  const archiver = createArchiver(stack.environmentOf("archiver"));
  const { masked, sealed } = stack.vaults;
  meter.reset();
  for (let at = 0; at < puts.length; at += BATCH) {
    const Records = puts.slice(at, at + BATCH).map(
      (NewImage): DynamoDBRecord => ({
        eventName: "INSERT",
        dynamodb: { ApproximateCreationDateTime: Date.now() / 1000, NewImage: NewImage as never },
      }),
    );
    await archiver({ Records }, {} as Context);
  }
  const own = meter.requests.filter(({ by }) => by === "archiver");
  const stored = (bucket: string) =>
    sum(
      own
        .filter(({ path, service }) => service === "s3" && path.startsWith(`/${bucket}/`))
        .map(({ body }) => body.length),
    ) / CALLS;
  const notes = own
    .filter(({ operation }) => operation === "PutItem")
    .map((note) => writeUnits(itemBytes(inputOf(note))));
  return {
    maskedBytes: stored(masked),
    sealedBytes: stored(sealed),
    manifestUnits: sum(notes) / Math.ceil(puts.length / BATCH),
  };
}

const inputOf = ({ body }: MeteredRequest): Item => (JSON.parse(body.toString()) as { Item: Item }).Item;
const newItemOf = ({ answer }: MeteredRequest): Item =>
  (JSON.parse(answer.toString()) as { Attributes?: Item }).Attributes ?? {};
/** Bytes of each event: what it holds, its source and its type. */
const detailsOf = ({ body }: MeteredRequest): number[] =>
  (JSON.parse(body.toString()) as { Entries: { Detail: string; Source: string; DetailType: string }[] }).Entries.map(
    ({ Detail, Source, DetailType }) => Buffer.byteLength(Detail + Source + DetailType) + 14,
  );

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Counts what this process prints, which in Lambda is the function's log. */
function countOutput() {
  const write = process.stdout.write.bind(process.stdout);
  let [bytes, lines] = [0, 0];
  process.stdout.write = ((text: string | Uint8Array) => {
    bytes += Buffer.byteLength(text);
    lines += String(text).split("\n").length - 1;
    return true;
  }) as typeof process.stdout.write;
  return {
    end() {
      process.stdout.write = write;
      return { bytes, lines };
    },
  };
}
