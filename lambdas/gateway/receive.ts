import { baseUrl } from "../domain/base-url.ts";
import { CountersignError } from "../domain/error.ts";
import type { MaskedBody } from "../domain/evidence/body.ts";
import type { Caller } from "../domain/identity/principal.ts";
import { type KeyedHash, type MaskingRules, maskJson, maskText } from "../domain/masking/index.ts";
import { INVALID_REQUEST, LISTEN, METHOD_NOT_FOUND, OWN_CODE } from "../domain/mcp/constants.ts";
import { checkHeaders, checkOrigin, paramHeaders } from "../domain/mcp/headers.ts";
import { bodilessMessage, type ClientMessage, readClientMessage } from "../domain/mcp/message.ts";
import { ProtocolRefusal } from "../domain/mcp/refusal.ts";
import { argumentsOf, targetOf } from "../domain/mcp/target.ts";
import { judge } from "../domain/policy/judge.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";
import type { Incoming } from "./incoming.ts";
import { sessionOf } from "./sessions.ts";
import { openState } from "./states.ts";

/** Longest target that a record holds; policy sees all of it. */
const LONGEST_TARGET = 512;

/** Reads, checks, assesses and decides one message. Nothing of it has been recorded or forwarded yet. */
export async function receive(incoming: Incoming, caller: Caller, id: string, house: House): Promise<Call> {
  const { settings, now } = house;
  const base = baseUrl(settings.config.publicUrl, incoming.arrival);
  checkOrigin(incoming.headers, base);
  const server = serverOf(incoming, house);
  const asked = messageOf(incoming, house);
  checkHeaders(asked, incoming.headers);
  if (asked.method === LISTEN && !server.push)
    throw new ProtocolRefusal(404, METHOD_NOT_FOUND, `the server "${server.name}" keeps no streams open`, asked.id);
  const target = targetOf(asked);
  const bound = { server: server.name, target, arguments: argumentsOf(asked), caller, message: asked };
  const { message, round, ...state } = await openState(bound, house);
  const session = await sessionOf(incoming, message, caller, id, house);
  const { subjects, risks, decision } = judge(
    asked,
    {
      who: caller.principal,
      server: server.name,
      at: now(),
      source: incoming.source,
      session: { id: session.session, era: asked.era, kind: session.sessionKind },
    },
    house,
  );
  const keyedHash = await house.keyedHash();
  const rules = house.masking(server.name);
  const shown = (text: string) => maskText(text, rules, keyedHash).text.slice(0, LONGEST_TARGET).toWellFormed();
  return {
    ...bound,
    id,
    startedAt: now(),
    ...session,
    source: incoming.source,
    baseUrl: base,
    headers: incoming.headers,
    message,
    round,
    ...state,
    subject: subjects[0],
    ended: new AbortController(),
    shownTarget: shown(target),
    shownHeaders:
      message.era === "modern"
        ? Object.fromEntries(
            Object.entries(paramHeaders(incoming.headers)).map(([name, value]) => [name, shown(value)]),
          )
        : {},
    risks,
    decision,
    request: maskedRequest(message.text, rules, keyedHash),
  };
}

/** A POST carries its message in the body; GET and DELETE are messages themselves. */
function messageOf({ method, body }: Incoming, { settings }: House): ClientMessage {
  if (method !== "POST") return bodilessMessage(method === "GET" ? "GET" : "DELETE");
  const most = settings.config.limits.requestBytes;
  if (body.byteLength > most)
    throw new ProtocolRefusal(
      413,
      INVALID_REQUEST,
      `the message has ${body.byteLength} bytes; at most ${most} are accepted`,
    );
  return readClientMessage(body);
}

function serverOf({ server }: Incoming, { settings }: House) {
  const found = settings.config.servers.find((entry) => entry.name === server);
  if (found !== undefined) return found;
  throw new ProtocolRefusal(
    404,
    OWN_CODE.unknownServer,
    `there is no server ${JSON.stringify(server.slice(0, 64))} here; ask your administrator for its name`,
  );
}

/** The masked copy is for the record; the server gets the message as it came. */
function maskedRequest(text: string, rules: MaskingRules, keyedHash: KeyedHash): MaskedBody {
  if (text === "") return { original: "", masked: "", findings: [] };
  try {
    const { text: masked, findings } = maskJson(text, rules, keyedHash);
    return { original: text, masked, findings };
  } catch (cause) {
    throw new CountersignError("masking_failed", "the request cannot be masked for its record", { cause });
  }
}
