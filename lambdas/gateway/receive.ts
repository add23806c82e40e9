import { createHash } from "node:crypto";
import { baseUrl } from "../domain/base-url.ts";
import { CountersignError } from "../domain/error.ts";
import type { MaskedBody } from "../domain/evidence/body.ts";
import type { Caller } from "../domain/identity/principal.ts";
import { maskJson, maskText } from "../domain/masking/index.ts";
import { INVALID_REQUEST, OWN_CODE } from "../domain/mcp/constants.ts";
import { checkHeaders } from "../domain/mcp/headers.ts";
import { type ClientMessage, readClientMessage } from "../domain/mcp/message.ts";
import { ProtocolRefusal } from "../domain/mcp/refusal.ts";
import { argumentsOf, extrasOf, subjectOf, targetOf } from "../domain/mcp/target.ts";
import { decide } from "../domain/policy/decide.ts";
import { type AssessedCall, assess, type RiskMatch } from "../domain/risk/index.ts";
import { type Call, statelessSession } from "./call.ts";
import type { House } from "./house.ts";
import type { Incoming } from "./incoming.ts";

/** Longest target that a record holds; policy sees all of it. */
const LONGEST_TARGET = 512;

/** Reads, checks, assesses and decides one message. Nothing of it has been recorded or forwarded yet. */
export async function receive(incoming: Incoming, caller: Caller, id: string, house: House): Promise<Call> {
  const { settings, engine, risks, now } = house;
  const server = serverOf(incoming, house);
  checkLength(incoming, settings.config.limits.requestBytes);
  const message = readClientMessage(incoming.body);
  checkHeaders(message, incoming.headers);
  const target = targetOf(message);
  const subject = subjectOf(server, message);
  const facts = { server, method: message.method, name: target, arguments: argumentsOf(message) };
  const matches = [...assess(facts, risks), ...extraRisks(message, facts, house)];
  const labels = [...new Set(matches.map((match) => match.risk))];
  const decision = decide(
    caller.principal,
    subject,
    { method: message.method, risks: labels, arguments: facts.arguments },
    engine,
  );
  return {
    id,
    startedAt: now(),
    ...(await sessionOf(incoming, message, caller, server, id, house)),
    server,
    caller,
    source: incoming.source,
    baseUrl: baseUrl(settings.config.publicUrl, incoming.arrival),
    headers: incoming.headers,
    message,
    subject,
    target,
    shownTarget: maskText(target, house.masking(server), await house.keyedHash()).text.slice(0, LONGEST_TARGET),
    arguments: facts.arguments,
    risks: matches,
    decision,
    request: await maskedRequest(message.text, server, house),
  };
}

/** What comes beside the arguments, such as answers to a server's questions, earns risks like arguments. */
function extraRisks(message: ClientMessage, facts: AssessedCall, { risks }: House): RiskMatch[] {
  const extras = extrasOf(message);
  if (extras === undefined) return [];
  return assess({ ...facts, arguments: extras }, risks).filter((match) => match.pointer !== "");
}

function serverOf({ server }: Incoming, { settings }: House): string {
  const names = settings.config.servers.map((entry) => entry.name);
  if (names.includes(server)) return server;
  throw new ProtocolRefusal(
    404,
    OWN_CODE.unknownServer,
    `there is no server ${JSON.stringify(server.slice(0, 64))} here; known: ${names.join(", ")}`,
  );
}

function checkLength({ body }: Incoming, most: number): void {
  if (body.byteLength > most)
    throw new ProtocolRefusal(
      413,
      INVALID_REQUEST,
      `the message has ${body.byteLength} bytes; at most ${most} are accepted`,
    );
}

/** A legacy client carries its session sealed to its principal and server; anyone else who presents it has none. */
async function sessionOf(
  incoming: Incoming,
  message: ClientMessage,
  caller: Caller,
  server: string,
  id: string,
  house: House,
) {
  const sealed = incoming.headers["mcp-session-id"];
  if (message.era === "modern" || sealed === undefined) {
    // `initialize` opens a session; its id is sealed into the answer.
    const session = message.era === "legacy" && message.method === "initialize" ? id : statelessSession(caller, server);
    return { session, upstreamSession: undefined };
  }
  const unknown = () =>
    new ProtocolRefusal(404, OWN_CODE.sessionUnknown, "this session is not known; initialize again", message.id);
  try {
    const {
      session,
      upstream,
      principal,
      server: sealedServer,
    } = await (await house.seals()).unseal("session", sealed);
    if (principal !== caller.principal.id || sealedServer !== server || typeof session !== "string") throw unknown();
    return { session, upstreamSession: typeof upstream === "string" ? upstream : undefined };
  } catch (error) {
    if (error instanceof CountersignError && error.code === "seal_invalid") throw unknown();
    throw error;
  }
}

/** The masked copy is for the record; the server gets the message as it came. */
async function maskedRequest(text: string, server: string, { masking, keyedHash }: House): Promise<MaskedBody> {
  try {
    const { text: masked, findings } = maskJson(text, masking(server), await keyedHash());
    return { original: text, masked, findings };
  } catch (cause) {
    throw new CountersignError("masking_failed", "the request cannot be masked for its record", { cause });
  }
}

/** What a record says of a body that is no message: that it came, never what it holds. */
export const unreadBody = (body: Uint8Array) => ({
  text: null,
  key: null,
  originalHash: createHash("sha256").update(body).digest("hex"),
  originalBytes: body.byteLength,
  findings: [],
  findingCount: 0,
  sealedHash: null,
});
