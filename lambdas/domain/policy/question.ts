import type { CedarValueJson, EntityJson, TypeAndId } from "@cedar-policy/cedar-wasm/nodejs";
import type { Principal } from "../identity/principal.ts";
import { argumentTags } from "./argument-tags.ts";

export type Action =
  | "discover"
  | "call"
  | "callWithApproval"
  | "breakGlass"
  | "read"
  | "approve"
  | "reveal"
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
      readonly about: "call" | "access" | "review";
    }
  | { readonly kind: "account"; readonly id: string }
  | { readonly kind: "transcript"; readonly id: string };

/** A question to Cedar, complete: who, what, on which thing, with which entities. */
export interface Question {
  readonly principal: CedarEntity;
  readonly action: Action;
  readonly resource: CedarEntity;
  readonly context: Record<string, CedarValueJson>;
  readonly entities: readonly CedarEntity[];
}

type CedarEntity = EntityJson & { readonly uid: TypeAndId };

/** The facts of one call that policies may look at. */
export interface CallFacts {
  readonly method: string;
  readonly risks: readonly string[];
  /** The call's arguments as parsed JSON; they reach Cedar as text tags only, never as Cedar JSON. */
  readonly arguments: unknown;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Puts a question together. `facts` are left out for `approve` and `reveal`, which have no call of their own. */
export function question(who: Principal, action: Action, subject: Subject, facts?: CallFacts): Question {
  const groups = who.groups.map((id) => ({ type: "Group", id }));
  const principal = entity(who.kind === "user" ? "User" : "Workload", who.id, groups, {
    issuer: who.issuer,
    subject: who.subject,
    client: who.client,
  });
  const resource = entityOf(subject);
  const entities = [principal, resource];
  if (!facts) return { principal, action, resource, context: {}, entities };
  const args = { ...entity("Arguments", "call", [], {}), tags: argumentTags(facts.arguments) };
  const context = {
    method: facts.method,
    risks: [...facts.risks],
    arguments: { __entity: { type: "Arguments", id: "call" } },
    time: timeOf(facts.at),
  };
  return { principal, action, resource, context, entities: [...entities, args] };
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
