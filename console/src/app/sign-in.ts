import { UserManager, WebStorageStateStore } from "oidc-client-ts";
import * as z from "zod/mini";
import { CONSOLE_URL } from "./place.ts";

const settingsSchema = z.object({
  authority: z.string(),
  clientId: z.string(),
  audience: z.nullable(z.string()),
  scope: z.string(),
  freshForSeconds: z.optional(z.number()),
});

/** Kept in this tab: where to come back to, also when the sign-in fails; and that somebody has signed out. */
const WAY_BACK = "countersign.way-back";
const SIGNED_OUT = "countersign.signed-out";

/** Sign-in with the organisation's identity provider: authorization code with PKCE, in this tab, no secret. */
export interface SignIn {
  /** Whose name to show, or undefined when nobody is signed in. */
  name(): Promise<string | undefined>;
  token(): Promise<string | undefined>;
  /**
   * Leaves the page; it comes back to `fragment`. `again` asks for the password even if a sign-in is remembered, and so it
   * is after signing out.
   *
   * @throws Error when the provider cannot be reached
   */
  start(fragment: string, again?: boolean): Promise<void>;
  /**
   * Takes up the provider's answer in the page's URL, if there is one; the URL is then that of the room to return to.
   *
   * @throws Error when the sign-in did not succeed
   */
  finish(): Promise<void>;
  /** Signs out of this page; the provider remembers its own sign-in. */
  forget(): Promise<void>;
}

/** @throws Error when `settings.json` cannot be had */
export async function createSignIn(): Promise<SignIn> {
  const response = await fetch(new URL("settings.json", CONSOLE_URL));
  if (!response.ok) throw new Error("The console's settings could not be read.");
  const settings = settingsSchema.parse(await response.json());
  const users = new UserManager({
    authority: settings.authority,
    client_id: settings.clientId,
    redirect_uri: CONSOLE_URL,
    response_type: "code",
    scope: settings.scope,
    // RFC 8707: the token's audience becomes the console's own; a token meant for agents cannot approve.
    ...(settings.audience === null
      ? {}
      : { resource: settings.audience, extraTokenParams: { resource: settings.audience } }),
    ...(settings.freshForSeconds === undefined ? {} : { max_age: settings.freshForSeconds }),
    // Tab storage only: nothing outlives the tab, and nothing is shared with other tabs.
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    automaticSilentRenew: false,
    monitorSession: false,
    loadUserInfo: false,
  });
  const user = async () => {
    const found = await users.getUser();
    return found && !found.expired ? found : undefined;
  };

  return {
    async name() {
      const profile = (await user())?.profile;
      return profile && (profile.name ?? profile.email ?? profile.sub);
    },
    token: async () => (await user())?.access_token,
    async start(fragment, again = false) {
      sessionStorage.setItem(WAY_BACK, fragment);
      // Cognito, which has no audience to ask for, may not heed `max_age`.
      const asks = again || settings.audience === null || sessionStorage.getItem(SIGNED_OUT) !== null;
      await users.signinRedirect(asks ? { prompt: "login" } : {});
    },
    async finish() {
      const query = new URLSearchParams(location.search);
      if (!query.has("state") || !(query.has("code") || query.has("error"))) return;
      const answer = location.href;
      // The code is spent once; a reload must not try it a second time.
      history.replaceState(null, "", CONSOLE_URL + (sessionStorage.getItem(WAY_BACK) ?? "#/"));
      await users.signinRedirectCallback(answer);
      sessionStorage.removeItem(SIGNED_OUT);
    },
    async forget() {
      sessionStorage.setItem(SIGNED_OUT, "");
      await users.removeUser();
    },
  };
}
