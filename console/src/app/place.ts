import type { View } from "../api/api.ts";

/**
 * Addresses, told from where this script was loaded: a trial's stage may stand before `/console`, and the page may have
 * been opened at any path below it. The script is at `<base>/console/assets/<name>.js`.
 */
const script: string = import.meta.url;

export const CONSOLE_URL = new URL("../", script).href;
export const API_URL = new URL("../../", script).href;

/** Ids become part of addresses, so nothing but these characters is taken for one. */
export const APPROVAL_ID = /^[A-Za-z0-9._:-]{1,128}$/;

export type AccessTab = "mine" | "ask" | "all" | "block";

/** What the page shows, as told by the fragment. */
export type Route =
  | { readonly name: "inbox"; readonly view: View }
  | { readonly name: "approval"; readonly id: string }
  | { readonly name: "access"; readonly tab: AccessTab; readonly principal?: string };

const VIEWS: readonly View[] = ["waiting", "decided", "mine", "all"];
const TABS: readonly AccessTab[] = ["mine", "ask", "all", "block"];

/** Reads a fragment; what is none of ours is the inbox. */
export function routeOf(fragment: string): Route {
  const [, room = "", part = "", more] = /^#\/([a-z]*)(?:\/([^/]*)(?:\/([^/]*))?)?$/.exec(fragment) ?? [];
  if (room === "approvals" && APPROVAL_ID.test(part)) return { name: "approval", id: part };
  if (room === "access") {
    const principal = more === undefined ? undefined : decoded(more);
    const tab = TABS.find((each) => each === part) ?? "mine";
    return principal === undefined ? { name: "access", tab } : { name: "access", tab, principal };
  }
  return { name: "inbox", view: VIEWS.find((each) => each === part) ?? "waiting" };
}

export function fragmentOf(route: Route): string {
  if (route.name === "approval") return `#/approvals/${route.id}`;
  if (route.name === "inbox") return route.view === "waiting" ? "#/" : `#/inbox/${route.view}`;
  if (route.principal !== undefined) return `#/access/${route.tab}/${encodeURIComponent(route.principal)}`;
  return route.tab === "mine" ? "#/access" : `#/access/${route.tab}`;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
