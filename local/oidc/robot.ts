import { createHash, randomBytes } from "node:crypto";

export interface SignIn {
  readonly issuer: string;
  /** Account name; it is the password as well. */
  readonly account: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** RFC 8707 resource; without it the provider chooses the client's own. */
  readonly resource?: string;
  readonly scope?: string;
}

/** Where a provider signs people in, as metadata names it (RFC 8414). */
export interface Endpoints {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
}

/** Signs a person in over HTTP as a browser would (authorization code with PKCE, the form filled in) and returns the access token. */
export const signIn = async (wish: SignIn): Promise<string> => signInAt(await discover(wish.issuer), wish);

/** The same where a client knows the endpoints already, from wherever it found them. */
export async function signInAt(places: Endpoints, wish: Omit<SignIn, "issuer">): Promise<string> {
  const verifier = randomBytes(32).toString("base64url");
  const state = randomBytes(12).toString("base64url");
  const resource: Record<string, string> = wish.resource ? { resource: wish.resource } : {};
  const query = new URLSearchParams({
    response_type: "code",
    client_id: wish.clientId,
    redirect_uri: wish.redirectUri,
    scope: wish.scope ?? "openid",
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...resource,
  });
  const back = await browse(new URL(`${places.authorization_endpoint}?${query}`), wish);
  const code = back.searchParams.get("code");
  if (!code || back.searchParams.get("state") !== state)
    throw new Error(`sign-in of ${wish.account} failed: ${back.searchParams.get("error_description") ?? back.search}`);
  return token(places.token_endpoint, {
    grant_type: "authorization_code",
    client_id: wish.clientId,
    redirect_uri: wish.redirectUri,
    code,
    code_verifier: verifier,
    ...resource,
  });
}

/** Gets a workload's token with its client's secret. */
export async function clientCredentials(wish: {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly resource?: string;
}): Promise<string> {
  const basic = Buffer.from(`${wish.clientId}:${wish.clientSecret}`).toString("base64");
  const fields = { grant_type: "client_credentials", ...(wish.resource ? { resource: wish.resource } : {}) };
  return token((await discover(wish.issuer)).token_endpoint, fields, { authorization: `Basic ${basic}` });
}

async function discover(issuer: string): Promise<Endpoints> {
  return (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Endpoints;
}

/** Follows redirects with a cookie jar, fills in the one form it meets, and stops where the client would take over. */
export async function browse(
  start: URL,
  { account, redirectUri }: Pick<SignIn, "account" | "redirectUri">,
): Promise<URL> {
  const jar = new Map<string, string>();
  let url = start;
  let form: URLSearchParams | null = null;
  for (let step = 0; step < 12; step++) {
    if (url.href.startsWith(redirectUri)) return url;
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response: Response = await fetch(url, {
      redirect: "manual",
      headers: { cookie },
      ...(form ? { method: "POST", body: form } : {}),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    const location = response.headers.get("location");
    const page = await response.text();
    if (location) {
      url = new URL(location, url);
      form = null;
      continue;
    }
    const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
    if (!response.ok || !action || form)
      throw new Error(`sign-in of ${account} stopped at ${url.pathname}: ${response.status}`);
    url = new URL(action, url);
    form = new URLSearchParams({ account, password: account });
  }
  throw new Error(`sign-in of ${account} goes round in circles`);
}

async function token(
  endpoint: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<string> {
  const response = await fetch(endpoint, { method: "POST", headers, body: new URLSearchParams(fields) });
  const answer = (await response.json()) as { access_token?: string; error?: string; error_description?: string };
  if (!answer.access_token) throw new Error(`no token: ${answer.error} ${answer.error_description ?? ""}`);
  return answer.access_token;
}
