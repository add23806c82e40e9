import { JwtVerifier } from "aws-jwt-verify";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import type { Config } from "../../lib/config/schema.ts";
import { CountersignError } from "../domain/error.ts";
import type { Caller } from "../domain/identity/principal.ts";
import { type Claims, principalOfClaims } from "../domain/identity/principal-of-claims.ts";
import { jwksFetcher } from "./jwks-fetcher.ts";

export interface TokenVerifier {
  /** @throws CountersignError `token_invalid`; the message says which check failed and holds nothing of the token */
  verify(token: string): Promise<Caller>;
}

/** Verifies tokens of the configured issuers; the issuer is told apart by `iss` before any key is looked up. */
export function tokenVerifier({ identity, console: consoleClient, groups }: Config): TokenVerifier {
  const issuers = identity.issuers.map((issuer) => ({
    ...issuer,
    // The console's audience is accepted from its own issuer only; each route checks which one it wants.
    accepted: issuer.name === consoleClient.issuer ? [...issuer.audiences, consoleClient.audience] : issuer.audiences,
  }));
  const verifier = JwtVerifier.create(
    issuers.map((issuer) => ({
      issuer: issuer.issuer,
      jwksUri: issuer.jwksUri,
      audience: issuer.accepted,
      graceSeconds: issuer.clockToleranceSeconds,
      customJwtCheck: ({ header, payload }: { header: { alg?: string }; payload: Claims }) => {
        // The library takes any algorithm its keys fit; what the issuer signs with is configuration.
        if (!issuer.algorithms.some((algorithm) => algorithm === header.alg)) throw new Error("algorithm not accepted");
        // RFC 7800: a bound token is worth nothing without the proof, which is not checked here.
        if (payload.cnf !== undefined) throw new Error("sender-constrained tokens are not accepted");
        if (typeof payload.exp !== "number") throw new Error("a token without expiry is not accepted");
      },
    })),
    { jwksCache: new SimpleJwksCache({ fetcher: jwksFetcher() }) },
  );

  return {
    async verify(token) {
      let claims: Claims;
      try {
        claims = (await verifier.verify(token)) as Claims;
      } catch (cause) {
        throw new CountersignError("token_invalid", cause instanceof Error ? cause.name : "verification failed", {
          cause,
        });
      }
      const issuer = issuers.find((entry) => entry.issuer === claims.iss);
      const stated = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
      const audience = issuer?.accepted.find((entry) => stated.includes(entry));
      if (issuer === undefined || audience === undefined || typeof claims.exp !== "number")
        throw new CountersignError("token_invalid", "issuer or audience is not configured");
      return { principal: principalOfClaims(claims, issuer, groups), expiresAt: claims.exp, audience };
    },
  };
}
