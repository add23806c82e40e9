import type { Route } from "../routes.ts";

export interface Match {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>> | null;
}

/**
 * Chooses as API Gateway does: the resource first (a fixed part before `{name}` before `{name+}`), then its method
 * (the very one before ANY). A resource without the method is not found, even if a greedy one would have it. Parameters stay
 * URL-encoded as they came: a REST API hands them on like that, and whoever reads them decodes.
 */
export function matchRoute(routes: readonly Route[], method: string, path: string): Match | null {
  const parts = partsOf(path);
  const best = [...new Set(routes.map((route) => route.resource))]
    .filter((pattern) => bind(partsOf(pattern), parts) !== null)
    .sort((one, other) => rank(other).localeCompare(rank(one)))[0];
  if (best === undefined) return null;
  const methods = routes.filter((route) => route.resource === best);
  const route = methods.find((entry) => entry.method === method) ?? methods.find((entry) => entry.method === "ANY");
  if (!route) return null;
  const parameters = bind(partsOf(best), parts) ?? {};
  return { route, parameters: Object.keys(parameters).length > 0 ? parameters : null };
}

const partsOf = (path: string): string[] => path.split("/").filter(Boolean);

const rank = (pattern: string): string =>
  partsOf(pattern)
    .map((part) => (part.endsWith("+}") ? "1" : part.startsWith("{") ? "2" : "3"))
    .join("");

function bind(pattern: readonly string[], parts: readonly string[]): Record<string, string> | null {
  const bound: Record<string, string> = {};
  for (const [at, part] of pattern.entries()) {
    const given = parts[at];
    if (given === undefined) return null;
    if (part.endsWith("+}")) return { ...bound, [part.slice(1, -2)]: parts.slice(at).join("/") };
    if (part.startsWith("{")) bound[part.slice(1, -1)] = given;
    else if (part !== given) return null;
  }
  return pattern.length === parts.length ? bound : null;
}
