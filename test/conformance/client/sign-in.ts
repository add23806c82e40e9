import type {
  OAuthClientInformationContext,
  OAuthClientMetadata,
  OAuthClientProvider,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from "@modelcontextprotocol/client";

/** The suite's own client document; it is named, not fetched. */
const CLIENT_DOCUMENT = "https://conformance-test.local/client-metadata.json";
const REDIRECT = "http://127.0.0.1:9/callback";

/** A person with a browser, in memory: follows the sign-in to where the code comes back. */
export class SignIn implements OAuthClientProvider {
  readonly redirectUrl = REDIRECT;
  readonly clientMetadataUrl = CLIENT_DOCUMENT;
  readonly clientMetadata: OAuthClientMetadata = {
    client_name: "countersign-conformance",
    redirect_uris: [REDIRECT],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    application_type: "native",
  };
  // Kept by issuer: what one authorization server gave is nothing to another (SEP-2352).
  readonly #clients = new Map<string, StoredOAuthClientInformation>();
  readonly #registered: StoredOAuthClientInformation | undefined;
  #tokens: StoredOAuthTokens | undefined;
  #verifier = "";
  #callback: URLSearchParams | undefined;

  /** @param context with `client_id` and `client_secret` where the scenario registered this client itself */
  constructor({ client_id, client_secret, issuer }: Readonly<Record<string, unknown>>) {
    if (typeof client_id !== "string") return;
    this.#registered = {
      client_id,
      ...(typeof client_secret === "string" ? { client_secret } : {}),
      ...(typeof issuer === "string" ? { issuer } : {}),
    };
  }

  clientInformation(where?: OAuthClientInformationContext): StoredOAuthClientInformation | undefined {
    return this.#registered ?? this.#clients.get(where?.issuer ?? "");
  }

  saveClientInformation(client: StoredOAuthClientInformation, where?: OAuthClientInformationContext): void {
    this.#clients.set(where?.issuer ?? "", client);
  }

  tokens(): StoredOAuthTokens | undefined {
    return this.#tokens;
  }

  saveTokens(tokens: StoredOAuthTokens): void {
    this.#tokens = tokens;
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  async redirectToAuthorization(url: URL): Promise<void> {
    const answer = await fetch(url, { redirect: "manual" });
    const back = answer.headers.get("location");
    this.#callback = back === null ? undefined : new URL(back).searchParams;
  }

  /** Parameters that the authorization server sent the browser back with. */
  callback(): URLSearchParams {
    if (this.#callback === undefined) throw new Error("the authorization server sent nobody back");
    return this.#callback;
  }
}
