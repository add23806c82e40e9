import { CountersignError } from "../domain/error.ts";
import { nameOfParts } from "../domain/json/canonical.ts";
import type { OpenBlock } from "../domain/masking/index.ts";
import { INVALID_REQUEST } from "../domain/mcp/constants.ts";
import { type JsonRpcId, ProtocolRefusal } from "../domain/mcp/refusal.ts";
import type { SseFrame } from "../domain/upstream/answer.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";

/** Seconds after which a stream cannot be resumed any more. */
const RESUMABLE = 3600;
/** Longest event id of a server that can be carried back in a header. */
const LONGEST_EVENT = 1024;
/** Longest name of a tool that is carried with it. */
const LONGEST_NAME = 256;

/** The exchange that an event belongs to, as far as its resumption must know it. */
export interface Origin {
  /** The server's own event id. */
  readonly event: string;
  readonly call: string;
  readonly received: string | undefined;
  /** What the messages up to this event have opened and not closed. */
  readonly block?: OpenBlock;
  /** The client's request that is still unanswered; null on a stream that answers none. */
  readonly request: AwaitedRequest | null;
}

export interface AwaitedRequest {
  readonly id: JsonRpcId;
  readonly method: string;
  /** The tool that was called: its output schema is what a result must conform to. */
  readonly tool?: string;
  readonly shownTarget: string;
}

/** How it stands behind an event. */
interface Behind {
  /** What is open there. */
  readonly block?: OpenBlock;
  /** The event holds the response: nothing waits behind it. */
  readonly isLast?: true;
}

/**
 * The frame as the client gets it: event ids are sealed with the exchange they belong to. What arrives after a
 * resumption must be filtered and recorded as the answer to the request that it answers, and another principal's
 * stream must not be picked up by its id.
 */
export async function sealFrame(
  call: Call,
  { id: event, ...frame }: SseFrame,
  house: House,
  { block, isLast }: Behind,
): Promise<SseFrame> {
  // 2026-07-28 resumes nothing.
  if (event === undefined || event.length > LONGEST_EVENT || call.message.era === "modern") return frame;
  const { kind, id, method } = call.message;
  const { target, shownTarget, received } = call;
  const tool = method === "tools/call" && target.length <= LONGEST_NAME ? { tool: target } : {};
  const waits = kind === "request" && id !== null && isLast === undefined;
  const request = waits ? { id, method, ...tool, shownTarget } : null;
  const origin: Origin = { event, call: call.id, received, block, request };
  return { ...frame, id: await (await house.seals()).seal("event", { ...origin, owner: ownerOf(call) }, RESUMABLE) };
}

/**
 * Opens a `Last-Event-ID`.
 * @throws ProtocolRefusal 400 for one that was not given to this principal at this server, or is too old
 */
export async function openEvent(call: Call, sealed: string, house: House): Promise<Origin> {
  const foreign = () =>
    new ProtocolRefusal(400, INVALID_REQUEST, "this Last-Event-ID was not given here, or is too old to resume from");
  try {
    const { owner, ...origin } = await (await house.seals()).unseal("event", sealed);
    if (owner !== ownerOf(call)) throw foreign();
    return origin as unknown as Origin;
  } catch (error) {
    if (error instanceof CountersignError && error.code === "seal_invalid") throw foreign();
    throw error;
  }
}

/** Whom an event was given to. Not the sign-in: a client renews its token while its stream is broken off. */
const ownerOf = ({ caller, server }: Call): string =>
  nameOfParts([caller.principal.id, caller.principal.client, server]);
