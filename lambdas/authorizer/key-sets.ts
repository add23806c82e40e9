import type { Jwks } from "aws-jwt-verify/jwk";
import type { IssuerConfig } from "../../lib/config/schema.ts";
import { signingKeys } from "./signing-keys.ts";

/** Milliseconds after which a key set is fetched anew before it is used. */
const FRESH = 3_600_000;
/** Milliseconds that a key set is kept while its issuer does not answer. */
const KEPT = 86_400_000;
/** Milliseconds between two fetches of one key set, whatever tokens ask for. */
const PAUSE = 10_000;

/** An issuer whose keys are not known now. It says nothing about the token: the client must not sign in again for it. */
export class KeysUnavailable extends Error {
  override readonly name = "KeysUnavailable";
  readonly issuer: string;

  constructor(issuer: string, options?: ErrorOptions) {
    super(`the key set of ${issuer} is not known and could not be fetched`, options);
    this.issuer = issuer;
  }
}

export interface KeySetsOptions {
  /** Gets the bytes of a key set. */
  readonly fetch: (url: string) => Promise<ArrayBuffer>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Hears of every key set that is to be used from now on. */
  readonly use: (issuer: IssuerConfig, keys: Jwks) => void;
  /** Hears of fetches that failed; the old keys may still serve. */
  readonly failed: (issuer: IssuerConfig, cause: unknown) => void;
}

export interface KeySets {
  /**
   * Settles when the issuer's keys are fresh enough to look for this key; fetches them at most every ten seconds.
   * @throws KeysUnavailable
   */
  ready(issuer: IssuerConfig, keyId: string): Promise<void>;
}

interface Kept {
  ids: ReadonlySet<string>;
  /** When it was fetched; infinity for keys that stand in the configuration. */
  fetchedAt: number;
  triedAt: number;
  pending: Promise<void> | undefined;
  problem: unknown;
}

/** The key sets of the issuers: by URL, or as they stand in the configuration. */
export function keySets(issuers: readonly IssuerConfig[], { fetch, now, use, failed }: KeySetsOptions): KeySets {
  const sets = new Map<string, Kept>();
  for (const issuer of issuers) {
    const never = Number.NEGATIVE_INFINITY;
    const kept: Kept = { ids: new Set(), fetchedAt: never, triedAt: never, pending: undefined, problem: undefined };
    sets.set(issuer.name, kept);
    if (issuer.jwks !== undefined) take(issuer, signingKeys(issuer.jwks), kept, Number.POSITIVE_INFINITY);
  }

  function take(issuer: IssuerConfig, keys: Jwks, kept: Kept, fetchedAt: number): void {
    kept.ids = new Set(keys.keys.map(({ kid }) => kid ?? ""));
    kept.fetchedAt = fetchedAt;
    use(issuer, keys);
  }

  async function refresh(issuer: IssuerConfig, url: string, kept: Kept): Promise<void> {
    kept.triedAt = now();
    try {
      const bytes = await fetch(url);
      take(issuer, signingKeys(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))), kept, now());
      kept.problem = undefined;
    } catch (cause) {
      kept.problem = cause;
      failed(issuer, cause);
    }
  }

  return {
    async ready(issuer, keyId) {
      const kept = sets.get(issuer.name);
      if (kept === undefined) throw new KeysUnavailable(issuer.name);
      const age = () => now() - kept.fetchedAt;
      const wanted = age() > FRESH || !kept.ids.has(keyId);
      if (wanted && issuer.jwksUri !== null && (kept.pending !== undefined || now() - kept.triedAt >= PAUSE)) {
        // Tokens that come together wait for one fetch.
        kept.pending ??= refresh(issuer, issuer.jwksUri, kept).finally(() => {
          kept.pending = undefined;
        });
        await kept.pending;
      }
      // An issuer that is down may have made the key meanwhile: only a fresh set can say that it has no such key.
      if (age() > (kept.ids.has(keyId) ? KEPT : FRESH)) throw new KeysUnavailable(issuer.name, { cause: kept.problem });
    },
  };
}
