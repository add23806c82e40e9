import type { PolicyJson } from "@cedar-policy/cedar-wasm/nodejs";

/** What policies may name. Null for any. */
export interface KnownNames {
  readonly groups: readonly string[] | null;
  readonly servers: readonly string[] | null;
}

/** Types whose ids are `<server>/<name>`. */
const OF_SERVERS = ["Tool", "Prompt", "Resource"];

/**
 * Entities in a policy that there can never be: a `forbid` for a group that no token can bring would forbid nobody, and one for a
 * server that is not configured would hold nowhere.
 */
export function unknownNames(policy: PolicyJson, { groups, servers }: KnownNames): string[] {
  const problems = entitiesOf(policy).flatMap(({ type, id }) => {
    const found = `${type}::${JSON.stringify(id)}`;
    if (type === "Group" && groups !== null && !groups.includes(id))
      return [`${found}: allowed: ${groups.join(", ")} (groups of gateway.yaml)`];
    if (servers === null) return [];
    const allowed = `${servers.join(", ")} (servers of gateway.yaml)`;
    if (type === "Server" && !servers.includes(id)) return [`${found}: allowed: ${allowed}`];
    if (OF_SERVERS.includes(type) && !servers.some((server) => id.startsWith(`${server}/`)))
      return [`${found}: allowed: ${type}::"<server>/…" of ${allowed}`];
    return [];
  });
  return [...new Set(problems)];
}

interface Entity {
  readonly type: string;
  readonly id: string;
}

/** Every entity that a part of a policy names, in Cedar's JSON. */
function entitiesOf(part: unknown): Entity[] {
  if (typeof part !== "object" || part === null) return [];
  const own = isEntity(part) ? [part] : [];
  return [...own, ...Object.values(part).flatMap(entitiesOf)];
}

const isEntity = (part: object): part is Entity =>
  "type" in part && typeof part.type === "string" && "id" in part && typeof part.id === "string";
