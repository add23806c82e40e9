import { JwtVerifier } from "aws-jwt-verify";
import {
  JwtExpiredError,
  JwtInvalidAudienceError,
  JwtInvalidIssuerError,
  JwtInvalidSignatureAlgorithmError,
  JwtNotBeforeError,
  JwtParseError,
  KidNotFoundInJwksError,
} from "aws-jwt-verify/error";
import type { Config, IssuerConfig } from "../../lib/config/schema.ts";
import { type Arrival, baseUrl } from "../domain/base-url.ts";
import { checkClaims } from "../domain/identity/check-claims.ts";
import { checkHeader } from "../domain/identity/check-header.ts";
import type { Caller } from "../domain/identity/principal.ts";
import { type Claims, principalOfClaims } from "../domain/identity/principal-of-claims.ts";
import { readToken } from "../domain/identity/read-token.ts";
import { resourcesOf } from "../domain/identity/resources.ts";
import { type TokenFault, TokenRefused } from "../domain/identity/token-refused.ts";
import { fetchKeySet } from "./jwks-fetcher.ts";
import { type KeySetsOptions, keySets } from "./key-sets.ts";

export interface TokenVerifier {
  /**
   * @param arrival how the request came in, which says what a trial is called
   * @throws TokenRefused: the sender is to sign in again
   * @throws CountersignError `token_invalid`: the token is genuine, and cannot be tied to a principal
   * @throws KeysUnavailable: nothing can be said about the token now
   */
  verify(token: string, arrival: Arrival): Promise<Caller>;
}

export interface TokenVerifierOptions extends Pick<KeySetsOptions, "failed"> {
  /** @default over the network */
  readonly fetch?: KeySetsOptions["fetch"];
  /** Milliseconds since the epoch, for the age of key sets. @default the clock */
  readonly now?: KeySetsOptions["now"];
}

/** Verifies tokens of the configured issuers; the issuer is told apart by `iss` before any key is looked up. */
export function tokenVerifier(
  { identity, console: consoleClient, groups, publicUrl, servers }: Config,
  { failed, fetch = fetchKeySet, now = Date.now }: TokenVerifierOptions,
): TokenVerifier {
  const { issuers } = identity;
  // The console's audience is accepted from its own issuer only; each route checks which one it wants.
  const acceptedOf = ({ name, audiences }: IssuerConfig) =>
    name === consoleClient.issuer ? [...audiences, consoleClient.audience] : audiences;
  const resourcesFor = ({ audienceClaim }: IssuerConfig, arrival: Arrival) =>
    audienceClaim === "client_id" ? resourcesOf(baseUrl(publicUrl, arrival), servers) : [];
  const verifier = JwtVerifier.create(
    issuers.map((issuer) => ({
      issuer: issuer.issuer,
      // Never fetched by the library: its keys are given to it.
      jwksUri: issuer.jwksUri ?? `${issuer.issuer}#inline`,
      // Where another claim takes its place, our own check has it alone.
      audience: (issuer.audienceClaim ?? "aud") === "aud" ? acceptedOf(issuer) : null,
      graceSeconds: issuer.clockToleranceSeconds,
    })),
  );
  const keys = keySets(issuers, {
    fetch,
    now,
    failed,
    // Also forgets the keys made of the set before, so that an id that comes back with another key is read anew.
    use: (issuer, set) => verifier.cacheJwks(set, issuer.issuer),
  });

  return {
    async verify(token, arrival) {
      const { header, payload } = readToken(token);
      const issuer = issuers.find((entry) => entry.issuer === payload.iss);
      if (issuer === undefined) throw new TokenRefused("issuer");
      checkHeader(header, issuer);
      await keys.ready(issuer, String(header.kid));
      let claims: Claims;
      try {
        claims = verifier.verifySync(token) as Claims;
      } catch (cause) {
        throw new TokenRefused(faultOf(cause), issuer.name, { cause });
      }
      const resources = resourcesFor(issuer, arrival);
      const { expiresAt, audience } = checkClaims(claims, issuer, acceptedOf(issuer), resources, Date.now() / 1000);
      return { principal: principalOfClaims(claims, issuer, groups), expiresAt, audience };
    },
  };
}

const FAULTS: readonly (readonly [new (...args: never[]) => Error, TokenFault])[] = [
  [JwtExpiredError, "expired"],
  [JwtNotBeforeError, "not-yet-valid"],
  [JwtInvalidAudienceError, "audience"],
  [JwtInvalidIssuerError, "issuer"],
  [JwtInvalidSignatureAlgorithmError, "algorithm"],
  [KidNotFoundInJwksError, "key"],
  [JwtParseError, "claims"],
];

/** What the library objected to, in our words; what has no word of its own did not verify. */
const faultOf = (cause: unknown): TokenFault => FAULTS.find(([kind]) => cause instanceof kind)?.[1] ?? "signature";
