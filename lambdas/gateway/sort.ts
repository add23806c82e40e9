import { CountersignError } from "../domain/error.ts";
import type { MaskedBody } from "../domain/evidence/body.ts";
import { errorText } from "../domain/mcp/answers.ts";
import { OWN_CODE } from "../domain/mcp/constants.ts";
import { isObject } from "../domain/mcp/message.ts";
import { hasOneReading } from "../domain/mcp/one-reading.ts";
import type { JsonRpcId } from "../domain/mcp/refusal.ts";
import { readServerMessage, type ServerJson, type ServerRequest } from "../domain/mcp/server-message.ts";
import { type ServerMessage, type UpstreamAnswer, UpstreamFailure } from "../domain/upstream/answer.ts";
import type { Call } from "./call.ts";
import type { Step } from "./entries.ts";
import type { House } from "./house.ts";
import type { inspector } from "./inspect.ts";
import { mask, maskOrThrow, type Opened } from "./masked.ts";
import { hidden, recorded } from "./recording.ts";
import { tellServer } from "./tell-server.ts";

/** A message on its way, parsed once. */
export interface Said extends ServerMessage {
  readonly text: string;
  readonly json: ServerJson;
}

/** A message that may be relayed, masked; without a body it is a frame alone. */
export interface Cleared {
  readonly frame: ServerMessage["frame"];
  readonly body?: MaskedBody;
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
    opened,
  }: {
    readonly awaited: JsonRpcId | null;
    readonly answer: UpstreamAnswer;
    readonly inspect: ReturnType<typeof inspector>;
    readonly opened: Opened;
  },
  house: House,
): Promise<Sorted> {
  const cleared: Cleared[] = [];
  for (const { text, frame } of batch) {
    if (text === undefined) {
      cleared.push({ frame });
      continue;
    }
    try {
      const whole = read(text, frame);
      if (answers(whole.json, awaited)) return { cleared, response: whole };
      if (!mayPrecede(whole.json, answer))
        throw new UpstreamFailure("sent a message that does not answer this call (another JSON-RPC id)", true);
      const why = objection(whole.json, inspect);
      if (why === undefined) cleared.push({ frame, body: await maskOrThrow(call, text, house, opened) });
      else if (!(await refuse(call, whole, why, house)))
        throw new CountersignError("evidence_unavailable", "a refusal could not be recorded");
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

/** What a server may not say to this caller stays here: a notice is dropped, a request is answered to the server. */
async function refuse(call: Call, { json, text }: Said, why: string, house: House): Promise<boolean> {
  const method = String(json.method).slice(0, 256).toWellFormed();
  const reason = `from the server: ${why}`;
  const step: Step = { type: "call.denied", outcome: "denied", reason, sender: "server", method };
  if (!(await recorded(call, step, (await mask(call, text, text, house)) ?? hidden(text), house))) return false;
  if (json.id !== undefined)
    await tellServer(call, errorText(json.id as JsonRpcId, OWN_CODE.denied, `DENIED by Countersign: ${why}`), house);
  return true;
}
