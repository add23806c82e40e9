import type { MaskedBody } from "../domain/evidence/body.ts";
import type { OpenBlock } from "../domain/masking/index.ts";
import { isObject } from "../domain/mcp/message.ts";
import { hasOneReading } from "../domain/mcp/one-reading.ts";
import type { JsonRpcId } from "../domain/mcp/refusal.ts";
import { readServerMessage, type ServerJson, type ServerRequest } from "../domain/mcp/server-message.ts";
import { type ServerMessage, type UpstreamAnswer, UpstreamFailure } from "../domain/upstream/answer.ts";
import type { Call } from "./call.ts";
import type { DeniedToServer } from "./denied-to-server.ts";
import type { House } from "./house.ts";
import type { inspector } from "./inspect.ts";
import { maskOrThrow, type Opened } from "./masked.ts";

/** A message on its way, parsed once. */
export interface Said extends ServerMessage {
  readonly text: string;
  readonly json: ServerJson;
}

/** A message that may be relayed, masked; without a body it is a frame alone. */
export interface Cleared {
  readonly frame: ServerMessage["frame"];
  readonly body?: MaskedBody;
  /** What is open behind it. */
  readonly block: OpenBlock;
}

/** Why nothing more of an answer can be released, and the message that it is about. */
interface Stopped {
  readonly cause: unknown;
  readonly text: string;
}

/** What came together, sorted. Whatever stops the answer stops it behind what came before. */
export interface Sorted {
  readonly cleared: readonly Cleared[];
  readonly response?: Said;
  readonly stopped?: Stopped;
}

/** Looks at messages that came together, up to the response. */
export async function sort(
  call: Call,
  batch: readonly ServerMessage[],
  {
    awaited,
    answer,
    inspect,
    denied,
    opened,
  }: {
    readonly awaited: JsonRpcId | null;
    readonly answer: UpstreamAnswer;
    readonly inspect: ReturnType<typeof inspector>;
    readonly denied: DeniedToServer;
    readonly opened: Opened;
  },
  house: House,
): Promise<Sorted> {
  const cleared: Cleared[] = [];
  for (const { text, frame } of batch) {
    if (text === undefined) {
      cleared.push({ frame, block: opened.block });
      continue;
    }
    try {
      const whole = read(text, frame);
      if (answers(whole.json, awaited)) return { cleared, response: whole };
      if (!mayPrecede(whole.json, answer))
        throw new UpstreamFailure("sent a message that does not answer this call (another JSON-RPC id)", true);
      const why = objection(whole.json, inspect);
      if (why === undefined)
        cleared.push({ frame, body: await maskOrThrow(call, text, house, opened), block: opened.block });
      else await denied.deny(whole, why);
    } catch (cause) {
      return { cleared, stopped: { cause, text } };
    }
  }
  return { cleared };
}

function read(text: string, frame: ServerMessage["frame"]): Said {
  let json: ServerJson | undefined;
  try {
    json = readServerMessage(text);
  } catch (cause) {
    throw new UpstreamFailure("sent something that is not JSON", true, { cause });
  }
  if (json === undefined) throw new UpstreamFailure("sent something that is not a JSON-RPC message", true);
  if (!hasOneReading(text, json))
    throw new UpstreamFailure("sent a message that two parsers could read in two ways", true);
  return { text, json, ...(frame === undefined ? {} : { frame }) };
}

const answers = (json: ServerJson, awaited: JsonRpcId | null) =>
  awaited !== null && json.id === awaited && json.method === undefined;

/**
 * What a server may send that is not the response: requests and notifications on a stream, and an error beside an HTTP
 * status that refuses. A response to another id is neither relayed nor ignored: a client that takes `"1"` for `1` would
 * read a list that nobody filtered.
 */
const mayPrecede = (json: ServerJson, { kind, status }: UpstreamAnswer) =>
  json.method === undefined ? status >= 400 && json.error !== undefined : kind === "stream";

function objection(json: ServerJson, inspect: ReturnType<typeof inspector>): string | undefined {
  if (typeof json.method !== "string") return undefined;
  const said: ServerRequest = { method: json.method, params: isObject(json.params) ? json.params : {} };
  return (json.id === undefined ? inspect.notice(said) : inspect.request(said)) ?? inspect.embedded(json);
}
