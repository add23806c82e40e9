import { digest } from "../json/canonical.ts";
import type { Json } from "../json/json.ts";

/** A limit on one argument: the text at the pointer (RFC 6901) equals, or begins with, what is stated. */
export interface Constraint {
  readonly pointer: string;
  readonly equals?: string;
  readonly prefix?: string;
}

/** A temporary permission that came out of an approval. Times are milliseconds since the epoch. */
export interface Grant {
  readonly id: string;
  readonly principal: string;
  readonly principalName: string;
  /**
   * OAuth client that asked; another client of the same principal has no part in it. Null when it was asked for ahead:
   * then the console asked, which is not the client that will call.
   */
  readonly client: string | null;
  readonly server: string;
  readonly tools: readonly string[];
  /** The approver group that policy names for calls under it; a call that another group must approve is not covered. */
  readonly group: string;
  /** Risks that the approvers saw: of the call, or those that calls asked for ahead may earn; null for any. */
  readonly risks: readonly string[] | null;
  /** Canonical hash of the only arguments that it covers; null when any inside the constraint. */
  readonly argumentsDigest: string | null;
  readonly constraint: readonly Constraint[];
  /**
   * Hash of the tool's definition that the approvers saw, empty where the server did not list it; another one is not
   * covered. Null when it was asked for ahead: then only what is pinned is covered, for another one earns a risk.
   */
  readonly toolDigest: string | null;
  /** It ends with this session; null when it ends by time alone. */
  readonly session: string | null;
  readonly createdAt: number;
  /** Named apart from the table's own time to live, which is in seconds. */
  readonly endsAt: number;
  /** Calls that are left; null for as many as its time allows. */
  readonly usesLeft: number | null;
  readonly uses: number;
  readonly lastUsedAt: number | null;
  /** The approval that it came out of, who gave it and why. */
  readonly approval: string;
  readonly approvedBy: readonly string[];
  readonly reason: string;
  readonly status: "ACTIVE" | "ENDED";
  readonly endedAt: number | null;
  readonly endedBy: string | null;
  readonly endReason: string | null;
}

/** A call that may be covered by a grant. */
export interface CoveredCall {
  readonly principal: string;
  readonly client: string;
  readonly server: string;
  readonly method: string;
  readonly tool: string;
  readonly arguments: Json | undefined;
  readonly risks: readonly string[];
  readonly group: string;
  readonly session: string;
  readonly toolDigest: string;
}

/** Hash of arguments, by which a grant for these very arguments knows them. */
export const argumentsDigest = (value: Json | undefined): string => digest(value ?? null);

/** Whether a grant is in force. */
export const isActive = (grant: Grant, now: number): boolean =>
  grant.status === "ACTIVE" && now < grant.endsAt && grant.usesLeft !== 0;

/** Whether a grant covers a call: every limit of it must hold. */
export function covers(grant: Grant, call: CoveredCall, now: number): boolean {
  return (
    isActive(grant, now) &&
    call.method === "tools/call" &&
    grant.principal === call.principal &&
    (grant.client === null || grant.client === call.client) &&
    grant.server === call.server &&
    grant.group === call.group &&
    grant.tools.includes(call.tool) &&
    (grant.toolDigest === null || grant.toolDigest === call.toolDigest) &&
    (grant.session === null || grant.session === call.session) &&
    (grant.risks === null || call.risks.every((risk) => grant.risks?.includes(risk))) &&
    (grant.argumentsDigest === null || grant.argumentsDigest === argumentsDigest(call.arguments)) &&
    grant.constraint.every((limit) => holds(limit, call.arguments))
  );
}

/** What may lead out of a prefix once a server reads the text as a path: dots, encoded or not, and what hides them. */
const UPWARDS = /[%\\\p{C}]|(^|\/)\.{1,2}([/?#;]|$)/u;

/** An argument that is not there, or is no text, number or boolean, holds no limit. */
function holds({ pointer, equals, prefix }: Constraint, args: Json | undefined): boolean {
  const text = scalarAt(args, pointer);
  if (text === undefined) return false;
  if (equals !== undefined && text !== equals) return false;
  return prefix === undefined || (text.startsWith(prefix) && !UPWARDS.test(text));
}

function scalarAt(value: Json | undefined, pointer: string): string | undefined {
  let at: Json | undefined = value;
  for (const step of pointer.split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, Json>>)[name];
  }
  return typeof at === "object" || at === undefined ? undefined : String(at);
}
