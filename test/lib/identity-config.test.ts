import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { configSchema } from "../../lib/config/schema.ts";

const shipped = () => parse(readFileSync("config/gateway.yaml", "utf8"));

/** What the schema says of the shipped configuration when its first issuer is changed. */
function problemsOf(change: (issuer: Record<string, unknown> & { claims: Record<string, unknown> }) => void): string[] {
  const config = shipped();
  change(config.identity.issuers[0]);
  const { error } = configSchema.safeParse(config);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}
const KEY = { kty: "RSA", kid: "k1", n: "AQAB", e: "AQAB" };

describe("how long the authorizer's answer is kept", () => {
  const secondsOf = (cacheFor: unknown) => {
    const config = shipped();
    return configSchema.safeParse({ ...config, identity: { ...config.identity, cacheFor } });
  };

  test.each([
    ["0s", 0],
    ["90s", 90],
    ["1h", 3600],
    [undefined, undefined],
  ])("may be %s", (text, seconds) => {
    expect(secondsOf(text).data?.identity.cacheFor).toBe(seconds);
  });

  test.each(["2h", "61m", "0", "0m", 0, ""])("cannot be %j", (text) => {
    expect(secondsOf(text).error?.issues.map(({ path }) => path.join("."))).toEqual(["identity.cacheFor"]);
  });
});

describe("an issuer", () => {
  test.each<[string, Parameters<typeof problemsOf>[0]]>([
    ["may have its key set inline", (issuer) => Object.assign(issuer, { jwksUri: null, jwks: { keys: [KEY] } })],
    ["may name claims within claims", ({ claims }) => Object.assign(claims, { groups: ["realm_access", "roles"] })],
    ["may give groups their names", ({ claims }) => Object.assign(claims, { groupNames: { "/a/b": "developers" } })],
  ])("%s", (_, change) => {
    expect(problemsOf(change)).toEqual([]);
  });

  test.each<[string, Parameters<typeof problemsOf>[0], RegExp]>([
    ["has a key set", (issuer) => Object.assign(issuer, { jwksUri: null }), /jwksUri: either jwksUri is a URL/],
    [
      "has one key set",
      (issuer) => Object.assign(issuer, { jwks: { keys: [KEY] } }),
      /jwksUri: either jwksUri is a URL/,
    ],
    [
      "publishes no private key",
      (issuer) => Object.assign(issuer, { jwksUri: null, jwks: { keys: [{ ...KEY, d: "AQAB" }] } }),
      /jwks: public keys/,
    ],
    [
      "has no symmetric key",
      (issuer) => Object.assign(issuer, { jwksUri: null, jwks: { keys: [{ kty: "oct", kid: "k", k: "c2" }] } }),
      /jwks\.keys\.0\.kty/,
    ],
    ["may not sign by a secret", (issuer) => Object.assign(issuer, { algorithms: ["HS256"] }), /algorithms\.0/],
    ["may not leave tokens unsigned", (issuer) => Object.assign(issuer, { algorithms: ["none"] }), /algorithms\.0/],
    ["says how long its tokens live", (issuer) => Object.assign(issuer, { maxLifetime: undefined }), /maxLifetime/],
    ["says the type of its tokens, or null", (issuer) => Object.assign(issuer, { type: undefined }), /type/],
    [
      "names groups that there are",
      ({ claims }) => Object.assign(claims, { groupNames: { "/a/b": "nobody" } }),
      /claims\.groupNames\.\/a\/b: a group: developers/,
    ],
    ["does not name a principal by nothing", ({ claims }) => Object.assign(claims, { id: [] }), /claims\.id/],
  ])("%s", (_, change, said) => {
    expect(problemsOf(change).join("\n")).toMatch(said);
  });
});
