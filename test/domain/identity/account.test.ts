import { describe, expect, test } from "vitest";
import { whyNobody } from "../../../lambdas/domain/identity/account.ts";
import { withPool } from "../../../lambdas/domain/identity/pool.ts";
import { principalOfClaims } from "../../../lambdas/domain/identity/principal-of-claims.ts";
import { configSchema } from "../../../lib/config/schema.ts";
import { SAML, withSaml } from "../../lib/saml-config.ts";
import { github, okta } from "./support/providers.ts";

const { issuers: made } = withPool(configSchema.parse(withSaml()), {
  issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example",
  domain: "https://sign-in.example.com",
  mcpClient: "mcp-1",
  consoleClient: "console-1",
}).identity;
const [pool] = made;
if (pool === undefined) throw new Error("a pool is configured");
const issuers = [pool, github.issuer, okta.issuer];
const why = (account: string) => whyNobody(account, issuers, SAML.name);

/** The id of somebody whom the SAML provider calls so. */
const bySaml = (nameId: string) => principalOfClaims({ sub: "u", username: `company_${nameId}`, iat: 1 }, pool, []).id;

describe("an id that somebody wrote", () => {
  test.each(["00u1abc", "auth0|a", "urn:person:7", "100%", "dana@example.com", "a_b c/d"])(
    "may be whom the SAML provider calls %s, as records show it",
    (nameId) => expect(why(bySaml(nameId))).toBeUndefined(),
  );

  test("may be a job, by as many parts as its issuer names one by", () => {
    const { id } = principalOfClaims(github.claims, github.issuer, []);
    expect([id, why(id)]).toEqual(["github|octo-org/octo-repo:deploy%3A prod:9911:55001", undefined]);
  });

  test("may be any text where the subject alone names somebody", () => {
    for (const subject of ["Dana@Example.com", "auth0|a", "f:1:dana", "%"])
      expect(why(`okta|${subject}`)).toBeUndefined();
  });

  test.each<[string, string, RegExp]>([
    ["a NameID without the pool's name", "company|00u1abc", /must be "company\|company_<NameID>"/],
    ["the pool's own id of somebody", "company|aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", /must be "company\|company_/],
    ["the pool's name alone", "company|company_", /must be "company\|company_/],
    ["another provider of the pool", "company|partners_00u1abc", /must be "company\|company_/],
    ["a bar that is not encoded", "company|company_auth0|a", /%7C for/],
    ["a percent sign that is not encoded", "company|company_100%", /%25/],
    ["what is encoded in lower case", "company|company_auth0%7ca", /%25/],
    ["what nothing encodes", "company|company_dana%40example.com", /%25/],
    ["a colon that is not encoded", "company|company_urn:person:7", /must have 1 parts .* this has 3/],
    ["a job by its repository alone", "github|octo-org/octo-repo", /must have 4 parts .* this has 1/],
    ["a job of which one part is missing", "github|octo-org/octo-repo:deploy::55001", /must not be empty/],
    ["nobody of an issuer", "okta|", /issuers are company, github, okta/],
    ["somebody of nowhere", "elsewhere|dana", /issuers are company, github, okta/],
  ])("is nobody as %s: %s", (_, account, said) => {
    expect(why(account)).toMatch(said);
  });
});
