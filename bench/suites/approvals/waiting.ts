import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import { repeat } from "../../load.ts";
import { type Metric, metric } from "../../report.ts";
import { approversDesk } from "./desk.ts";
import type { Asked, Surroundings } from "./surroundings.ts";

export interface WaitingPlan {
  /** Seconds that are looked at. */
  readonly seconds: number;
  /** Calls that wait at once. */
  readonly callers: number;
}

/** Milliseconds after which a waiting call looks calmly (`lambdas/gateway/await-approval.ts`), and one look more. */
const CALM_AFTER = 7000;
/** Calls that begin at once: of those that race for the principal's row one wins each time, and the emulator is slow. */
const BEGINNING = 4;

const dispatcher = new Agent({ bodyTimeout: 0, headersTimeout: 0 });

/** A call that waits for approval. */
interface Held {
  /** The rest of its answer, once it has it. */
  readonly answer: Promise<string>;
}

/** What calls ask of DynamoDB while they wait, and what waiting costs the gateway's process. Leaves `callers` approvals pending. */
export async function waiting(
  { stack, gateway, asked }: Surroundings,
  { seconds, callers }: WaitingPlan,
  say: (text: string) => void,
): Promise<Metric[]> {
  const desk = approversDesk(stack);
  // The gateway answers to its public name only.
  const host = new URL(stack.publicUrl).host;
  const hold = (name: string) => holdOne(`${gateway.ready.url}/mcp/ops`, { host, token: stack.developer, name });
  const window = async () => {
    const begun = { asked: asked.length, cpu: (await gateway.usage()).cpuMs, at: performance.now() };
    await sleep(seconds * 1000);
    const requests = asked.slice(begun.asked);
    const { cpuMs } = await gateway.usage();
    const took = (performance.now() - begun.at) / 1000;
    return { requests, took, cpu: (cpuMs - begun.cpu) / took };
  };

  // The first call of all fetches keys and the tool's definition as well.
  const before = new Set((await desk.waiting()).ids);
  const warm = await hold("warm-up");
  await approveNew(desk, before);
  await warm.answer;
  const idle = await window();

  const started = asked.length;
  const seen = new Set((await desk.waiting()).ids);
  const one = await hold("one");
  const start = asked.slice(started);
  await sleep(CALM_AFTER);
  const calm = await window();
  await approveNew(desk, seen);
  const ended = asked.length;
  if (!(await one.answer).includes("Created role one")) throw new Error("the approved call did not run");
  const end = asked.slice(ended);
  say(`DynamoDB at the start of a wait: ${operations(start)}; at its end: ${operations(end)}`);

  let next = 0;
  const held: Held[] = [];
  await repeat(async () => held.push(await hold(`many-${next++}`)), BEGINNING, callers);
  await sleep(CALM_AFTER);
  const many = await window();
  for (const { answer } of held) answer.catch(() => undefined);
  dispatcher.destroy().catch(() => undefined);

  const reads = ({ requests }: { readonly requests: readonly Asked[] }) =>
    requests.filter(({ operation }) => operation === "GetItem");
  return [
    metric("reads per second of one waiting call", rate(reads(calm)), "1/s", 0.55),
    metric("one waiting call: requests that are no such read", calm.requests.length - reads(calm).length, "", 1),
    metric("one held call: requests to DynamoDB until it waits", start.length, ""),
    metric("one held call: requests to DynamoDB from the decision to the answer", end.length, ""),
    metric(`${callers} waiting calls: requests to DynamoDB`, many.requests.length / many.took, "1/s"),
    metric(`${callers} waiting calls: reads of each`, reads(many).length / many.took / callers, "1/s", 0.55),
    metric(`${callers} waiting calls: processor time of the gateway`, many.cpu, "ms/s"),
    metric("no call: processor time of the gateway", idle.cpu, "ms/s"),
    metric(
      `${callers} waiting calls: processor time of a read`,
      (many.cpu - idle.cpu) / (reads(many).length / many.took),
      "ms",
    ),
  ];
}

/** Calls a tool that needs approval, and gives it back once its first word, that it waits, has come. */
async function holdOne(
  url: string,
  { host, token, name }: { readonly host: string; readonly token: string; readonly name: string },
): Promise<Held> {
  const params = { name: "create_role", arguments: { name }, _meta: { progressToken: name } };
  const { statusCode, body } = await request(url, {
    method: "POST",
    headers: {
      host,
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2025-11-25",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
    dispatcher,
  });
  const pieces = body.setEncoding("utf8")[Symbol.asyncIterator]() as AsyncIterator<string>;
  let text = String((await pieces.next()).value ?? "");
  if (statusCode !== 200 || !text.includes("waiting for approval"))
    throw new Error(`the call was not held: HTTP ${statusCode} ${text.slice(0, 300)}`);
  const rest = async () => {
    for (let piece = await pieces.next(); !piece.done; piece = await pieces.next()) text += piece.value;
    return text;
  };
  return { answer: rest() };
}

/** Approves what waits now and did not before. */
async function approveNew(desk: ReturnType<typeof approversDesk>, before: ReadonlySet<string>): Promise<void> {
  const id = (await desk.waiting()).ids.find((each) => !before.has(each));
  if (id === undefined) throw new Error("the held call is not in the inbox");
  await desk.approve(id);
}

/** Requests a second, from the first to the last: what a window cuts off does not count. */
const rate = (requests: readonly Asked[]): number =>
  ((requests.length - 1) * 1000) / ((requests.at(-1)?.at ?? Number.NaN) - (requests[0]?.at ?? Number.NaN));

/** `3 GetItem, 1 PutItem` */
const operations = (requests: readonly Asked[]): string =>
  [...Map.groupBy(requests, ({ operation }) => operation)].map(([name, { length }]) => `${length} ${name}`).join(", ");
