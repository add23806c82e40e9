/**
 * Addresses, told from where this script was loaded: a trial's stage may stand before `/console`, and the page may have
 * been opened at any path below it. The script is at `<base>/console/assets/<name>.js`.
 */
const script: string = import.meta.url;

export const CONSOLE_URL = new URL("../", script).href;
export const API_URL = new URL("../../", script).href;

/** Ids become part of addresses, so nothing but these characters is taken for one. */
export const APPROVAL_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/** What the page shows, as told by the fragment. */
export type Route = { readonly name: "list" } | { readonly name: "approval"; readonly id: string };

export function routeOf(fragment: string): Route {
  const [, id = ""] = /^#\/approvals\/(.+)$/.exec(fragment) ?? [];
  return APPROVAL_ID.test(id) ? { name: "approval", id } : { name: "list" };
}

export function fragmentOf(route: Route): string {
  return route.name === "list" ? "#/" : `#/approvals/${route.id}`;
}
