import type { Expiring } from "./kept.ts";

/** A token for a server. */
export interface Token extends Expiring {
  readonly text: string;
}

/** What a token is asked for. */
export interface TokenRequest {
  readonly server: string;
  /** The caller's own token, where it is exchanged. */
  readonly subjectToken?: string;
}

/** Gets tokens for servers. */
export type Mint = (request: TokenRequest) => Promise<Token>;

/** What the minter answers. */
export type Minted = { readonly token: Token } | { readonly failure: string };
