import type { EntityJson, PolicyJson, TypeAndId } from "@cedar-policy/cedar-wasm/nodejs";

/** What of a question a policy's scope is compared with. */
export interface Scoped {
  readonly principal: Place;
  readonly action: string;
  readonly resource: Place;
}

/** An entity and what it is in; with null for that, it may be in anything. */
export interface Place {
  readonly uid: TypeAndId;
  readonly parents: EntityJson["parents"] | null;
}

/**
 * Whether a policy's scope can match a question. A policy whose scope cannot is never evaluated by Cedar: its conditions
 * stand behind the scope, so it neither decides nor fails, and leaving it out changes no answer.
 */
export function canMatch({ principal, action, resource }: PolicyJson, scoped: Scoped): boolean {
  return (
    placeFits(principal, scoped.principal) && actionFits(action, scoped.action) && placeFits(resource, scoped.resource)
  );
}

/** A part of a scope; fields differ by `op`, and what is not known here might match. */
interface Part {
  readonly op: string;
  readonly entity?: unknown;
  readonly entities?: readonly unknown[];
  readonly entity_type?: string;
  readonly in?: unknown;
}

/** The schema has no groups of actions, so an action is in itself alone. */
function actionFits(part: Part, action: string): boolean {
  if (part.op === "All") return true;
  const named = part.entities ?? [part.entity];
  return named.some((entity) => {
    const known = entityOf(entity);
    return known === undefined || known.id === action;
  });
}

function placeFits(part: Part, { uid, parents }: Place): boolean {
  if (part.op === "is" && part.entity_type !== uid.type) return false;
  const wanted = entityOf(part.op === "is" ? (part.in as Part | undefined)?.entity : part.entity);
  if (wanted === undefined) return true;
  const same = (entity: TypeAndId | undefined) =>
    entity === undefined || (entity.type === wanted.type && entity.id === wanted.id);
  if (part.op === "==") return same(uid);
  return parents === null || same(uid) || parents.some((parent) => same(entityOf(parent)));
}

function entityOf(value: unknown): TypeAndId | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { type, id } = ("__entity" in value ? value.__entity : value) as Partial<TypeAndId>;
  return typeof type === "string" && typeof id === "string" ? { type, id } : undefined;
}
