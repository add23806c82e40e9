import type { Approval } from "../domain/approval/approval.ts";
import type { MaskedBody } from "../domain/evidence/body.ts";
import type { RecordGrant, RecordSource } from "../domain/evidence/record.ts";
import type { Caller } from "../domain/identity/principal.ts";
import { nameOfParts } from "../domain/json/canonical.ts";
import type { Json } from "../domain/json/json.ts";
import { LISTEN } from "../domain/mcp/constants.ts";
import type { Headers } from "../domain/mcp/headers.ts";
import type { ClientMessage } from "../domain/mcp/message.ts";
import type { Decision } from "../domain/policy/decide.ts";
import type { CallFacts, SessionFacts, Subject } from "../domain/policy/question.ts";
import type { RiskMatch } from "../domain/risk/index.ts";

/** What the server itself knows a legacy session by; it travels sealed in the session id that the client holds. */
export interface UpstreamSession {
  readonly id: string | undefined;
  /** `name=value`. */
  readonly cookies: readonly string[];
}

/** An approved call that takes several rounds: what an approval allows is one run, however often the server asks back. */
export interface Running {
  readonly approval: string;
  /** The call that began to run. */
  readonly execution: string;
  /** Rounds that are over. */
  readonly rounds: number;
}

/** One exchange on its way through the gateway, as far as it is known before anything is forwarded. */
export interface Call {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly session: string;
  /** How its session came about. */
  readonly sessionKind: SessionFacts["kind"];
  readonly upstreamSession: UpstreamSession | undefined;
  /** What the program called itself that opened its session; null where that is not known. */
  readonly agent: Approval["agent"];
  readonly server: string;
  readonly caller: Caller;
  readonly source: RecordSource;
  /** The gateway's URL as this client reached it. */
  readonly baseUrl: string;
  readonly headers: Headers;
  /** As the server will get it. */
  readonly message: ClientMessage;
  /** Name of the tool or prompt, URI of the resource, or empty. */
  readonly target: string;
  /** The target as records and mails show it: masked, and cut. */
  readonly shownTarget: string;
  readonly subject: Subject;
  /** `Mcp-Param-*` headers as records show them: decoded and masked. */
  readonly shownHeaders: Readonly<Record<string, string>>;
  /** What risk and policy looked at, and an approval is bound to. */
  readonly arguments: Json | undefined;
  readonly risks: readonly RiskMatch[];
  readonly decision: Decision;
  /** Hash of the tool's definition as its server gave it last; undefined while it gave none. */
  readonly toolDigest?: string;
  readonly request: MaskedBody;
  /** Legs that this call has waited for its approval already. */
  readonly round: number;
  /** The approval that earlier legs of this call waited for. */
  readonly waitedFor?: string;
  /** What it goes by among the waits of its principal while it is held where its client can take it back. */
  readonly place?: string;
  /** The approved run that this call goes on with, or is itself. */
  readonly running?: Running;
  /** The grant that covers it. */
  readonly grant?: RecordGrant;
  /** Why its principal runs it without the approval that it needs. */
  readonly breakGlass?: string;
  /** Aborted when nobody listens any more: the server's connection closes, and nothing more is recorded. */
  readonly ended: AbortController;
  /** Set for a call that is answered on a stream which was taken up again. */
  readonly resumed?: true;
  /** Hash of this call's `call.received`, once it is written. */
  readonly received?: string;
}

/** Whether a call only listens, for as long as it may, to what the server says unasked. */
export const isListening = ({ message }: Pick<Call, "message">) =>
  message.kind === "listen" || message.method === LISTEN;

/** What policy is told of a call. */
export const factsOf = (call: Call, at: number): CallFacts => ({
  method: call.message.method,
  risks: [...new Set(call.risks.map(({ risk }) => risk))],
  arguments: call.arguments,
  ...surroundingsOf(call, at),
});

/** When, where from and in which session policies are asked on behalf of a call. */
export const surroundingsOf = ({ session, sessionKind, message, source }: Call, at: number) => ({
  at,
  source,
  session: { id: session, era: message.era, kind: sessionKind },
});

/** What a stream that listens goes by in its principal's row. */
export const streamName = ({ session, id }: Pick<Call, "session" | "id">) => `${session}:${id}`;

/**
 * The session of a caller whose protocol has none: the same sign-in of the same client at the same server.
 * A client's self-given name is no part of it.
 */
export const statelessSession = ({ principal }: Caller, server: string): string =>
  nameOfParts([principal.issuer, principal.subject, principal.client, principal.signIn, server]);
