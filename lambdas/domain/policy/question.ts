import type { CedarValueJson, EntityJson, TypeAndId } from "@cedar-policy/cedar-wasm/nodejs";
import type { Principal } from "../identity/principal.ts";
import { networkAddress } from "./network-address.ts";

export type Action =
  | "discover"
  | "call"
  | "callWithApproval"
  | "breakGlass"
  | "read"
  | "approve"
  | "reveal"
  | "audit"
  | "hold"
  | "administer";

/** What an action is asked about. */
export type Subject =
  | { readonly kind: "server"; readonly server: string }
  | { readonly kind: "tool" | "prompt"; readonly server: string; readonly name: string }
  | { readonly kind: "resource"; readonly server: string; readonly uri: string }
  | {
      readonly kind: "approval";
      readonly id: string;
      readonly groups: readonly string[];
      readonly server: string;
      readonly tool: string;
      readonly requester: string;
      readonly risks: readonly string[];
      readonly about: "call" | "access" | "review" | "reveal";
    }
  | { readonly kind: "account"; readonly id: string }
  | { readonly kind: "transcript"; readonly id: string };

/** A question to Cedar: who, what, on which thing, and every fact that policies may look at. */
export interface Question {
  readonly principal: CedarEntity;
  readonly action: Action;
  readonly resource: CedarEntity;
  /** The facts that are known, by their name in the schema. Policies that look at one that is not known deny. */
  readonly context: Readonly<Record<string, CedarValueJson>>;
  /** Parsed JSON; it reaches Cedar as text tags only, never as Cedar JSON. */
  readonly arguments: unknown;
  /** Claims of the token, by name; tags like arguments. */
  readonly claims: Readonly<Record<string, string>>;
}

export type CedarEntity = EntityJson & { readonly uid: TypeAndId };

/** When and where from something is asked. */
export interface Circumstances {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Left out where a question has no request behind it. */
  readonly source?: { readonly ip: string; readonly userAgent: string };
}

/** The facts of one call that policies may look at. */
export interface CallFacts extends Circumstances {
  readonly method: string;
  readonly risks: readonly string[];
  readonly arguments: unknown;
  readonly session?: SessionFacts;
}

/** The session that a call belongs to. */
export interface SessionFacts {
  readonly id: string;
  readonly era: "modern" | "legacy";
  /** Whether this message opens it, its client carries it sealed, or it is told from the sign-in. */
  readonly kind: "opened" | "sealed" | "stateless";
}

/** Puts a question together. `facts` are left out for actions of people at the console, which have no call of their own. */
export function question(who: Principal, action: Action, subject: Subject, facts?: CallFacts): Question {
  const groups = [...new Set(who.groups)].map((id) => ({ type: "Group", id }));
  const principal = entity(who.kind === "user" ? "User" : "Workload", who.id, groups, {
    id: who.id,
    issuer: who.issuer,
    subject: who.subject,
    client: who.client,
    ...(who.person === null ? {} : { person: who.person }),
    ...(who.kind === "user" || who.initiator === null ? {} : { initiator: who.initiator }),
  });
  const asked = { principal, action, resource: entityOf(subject), claims: who.claims ?? {} };
  const token = {
    amr: [...who.amr],
    scopes: [...(who.scopes ?? [])],
    ...(who.authTime === null ? {} : { authTime: Math.trunc(who.authTime) }),
    ...(who.acr === null ? {} : { acr: who.acr }),
  };
  if (!facts) return { ...asked, context: { token }, arguments: undefined };
  const { method, risks, session } = facts;
  const context = {
    method,
    risks: [...risks],
    token,
    ...(session === undefined ? {} : { session: { id: session.id, era: session.era, kind: session.kind } }),
    ...circumstances(facts),
  };
  return { ...asked, context, arguments: facts.arguments };
}

/** Time and network as policies see them. An address that is none is not known. */
export function circumstances({ at, source }: Circumstances): Record<string, CedarValueJson> {
  const ip = source && networkAddress(source.ip);
  return {
    time: timeOf(at),
    ...(ip === undefined
      ? {}
      : { network: { ip: { __extn: { fn: "ip", arg: ip } }, userAgent: source?.userAgent ?? "" } }),
  };
}

/** A moment as policies see it: UTC, weekdays of ISO 8601. */
function timeOf(at: number): Record<string, number> {
  const date = new Date(at);
  return {
    epochSeconds: Math.floor(at / 1000),
    hour: date.getUTCHours(),
    weekday: date.getUTCDay() === 0 ? 7 : date.getUTCDay(),
  };
}

function entityOf(subject: Subject): CedarEntity {
  if (subject.kind === "server") return entity("Server", subject.server, [], { name: subject.server });
  if (subject.kind === "transcript") return entity("Transcript", subject.id, [], {});
  if (subject.kind === "account") return entity("Account", subject.id, [], { principal: subject.id });
  if (subject.kind === "approval") {
    const { groups, server, tool, requester, risks, about } = subject;
    const attributes = { groups: [...groups], server, tool, requester, risks: [...risks], kind: about };
    return entity("Approval", subject.id, [], attributes);
  }
  const parents = [{ type: "Server", id: subject.server }];
  if (subject.kind === "resource")
    return entity("Resource", `${subject.server}/${subject.uri}`, parents, {
      uri: subject.uri,
      server: subject.server,
    });
  const attributes = { name: subject.name, server: subject.server };
  return entity(subject.kind === "tool" ? "Tool" : "Prompt", `${subject.server}/${subject.name}`, parents, attributes);
}

const entity = (
  type: string,
  id: string,
  parents: TypeAndId[],
  attrs: Record<string, CedarValueJson>,
): CedarEntity => ({
  uid: { type, id },
  parents,
  attrs,
});
