import { describe, expect, test } from "vitest";
import { callerOfContext, callerToContext } from "../../../lambdas/domain/identity/caller.ts";
import { type Claims, principalOfClaims } from "../../../lambdas/domain/identity/principal-of-claims.ts";
import { recordPrincipal } from "../../../lambdas/domain/identity/record-principal.ts";
import type { IssuerConfig } from "../../../lib/config/schema.ts";

const company: IssuerConfig = {
  name: "company",
  kind: "user",
  issuer: "https://login.example.com",
  jwksUri: "https://login.example.com/jwks",
  algorithms: ["RS256"],
  type: null,
  audiences: ["https://mcp.example.com"],
  clockToleranceSeconds: 0,
  maxLifetime: 3600,
  claims: { groups: "groups", name: "name", person: "email", session: "sid", initiator: null },
};
const ci: IssuerConfig = {
  ...company,
  name: "ci",
  kind: "workload",
  claims: { groups: null, name: "workflow", person: null, session: "run_id", initiator: "actor" },
};
const GROUPS = ["developers", "auditors"];
const of = (claims: Claims, issuer = company) => principalOfClaims({ sub: "u1", ...claims }, issuer, GROUPS);

describe("claims become a principal", () => {
  test("of a person", () => {
    const claims = {
      name: "Ada",
      email: " Ada@Example.com ",
      email_verified: true,
      sid: "s-1",
      azp: "cli",
      jti: "j",
      auth_time: 7,
      acr: "2",
      amr: ["pwd", 3, "otp"],
    };
    expect(of({ ...claims, groups: ["developers"] })).toEqual({
      kind: "user",
      id: "company|u1",
      issuer: "https://login.example.com",
      subject: "u1",
      client: "cli",
      name: "Ada",
      groups: ["developers"],
      person: "ada@example.com",
      initiator: null,
      signIn: "s-1",
      jti: "j",
      authTime: 7,
      acr: "2",
      amr: ["pwd", "otp"],
      delegation: [],
    });
  });

  test("of a workload, with who started it", () => {
    expect(of({ workflow: "deploy", run_id: 991, actor: "ada", client_id: "c" }, ci)).toMatchObject({
      kind: "workload",
      id: "ci|u1",
      name: "deploy",
      signIn: "991",
      initiator: "ada",
      person: null,
      client: "c",
    });
  });

  test.each([
    ["", null],
    ["  ", null],
    [" ada ", "ada"],
  ])("whoever started a workload: %j is %j", (actor, initiator) => {
    expect(of({ workflow: "deploy", actor }, ci).initiator).toBe(initiator);
  });

  test.each<[string, unknown, string[]]>([
    ["a list", ["developers", "auditors"], ["developers", "auditors"]],
    ["a text with spaces", "developers auditors", ["developers", "auditors"]],
    ["a text with commas", "developers, auditors", ["developers", "auditors"]],
    ["groups that nobody configured", ["root", "Developers", "developers "], []],
    ["nothing", undefined, []],
    ["an empty text", "", []],
  ])("groups as %s", (_, groups, expected) => {
    expect(of({ groups }).groups).toEqual(expected);
  });

  test.each<[string, Claims]>([
    ["groups that are a number", { groups: 7 }],
    ["groups with something else than a text", { groups: ["developers", { a: 1 }] }],
    ["a name that is an object", { name: { given: "Ada" } }],
    ["a subject that is empty", { sub: "" }],
    ["a subject that is a list", { sub: ["u1"] }],
    ["no subject", { sub: undefined }],
  ])("refuses %s", (_, claims) => {
    expect(() => of(claims)).toThrow(expect.objectContaining({ code: "token_invalid" }));
  });

  test.each<[string, Claims, string | null]>([
    ["an unverified e-mail names nobody", { email: "ceo@example.com", email_verified: false }, null],
    ["nor does one unverified in the form of a text", { email: "ceo@example.com", email_verified: "false" }, null],
    ["a blank e-mail names nobody", { email: "  " }, null],
    ["no e-mail names nobody", {}, null],
    ["a verified e-mail is compared in lower case", { email: "Ada@X.org", email_verified: true }, "ada@x.org"],
  ])("%s", (_, claims, person) => {
    expect(of(claims).person).toBe(person);
  });

  test("the act chain is kept, nearest actor first, and its depth is bounded", () => {
    expect(of({ act: { sub: "a", act: { sub: "b" } } }).delegation).toEqual(["a", "b"]);
    let act: Claims = { sub: "end" };
    for (let depth = 0; depth < 50; depth += 1) act = { sub: `s${depth}`, act };
    expect(of({ act }).delegation).toHaveLength(10);
  });

  test("without a session claim the token's id names the sign-in, then client and time of issue", () => {
    expect(of({ jti: "j" }).signIn).toBe("j");
    expect(of({ azp: "cli", iat: 5 }).signIn).toBe("cli|5");
  });

  test("a record holds the whole identity but the sign-in", () => {
    const { signIn: _, ...rest } = of({});
    expect(recordPrincipal(of({}))).toEqual(rest);
  });
});

describe("the caller in the authorizer's context", () => {
  const caller = { principal: of({ name: 'Adä "x"' }), expiresAt: 1000, audience: "https://mcp.example.com" };
  const context = callerToContext(caller);
  const asTexts = Object.fromEntries(Object.entries(context).map(([key, value]) => [key, String(value)]));
  const read = (changed: object, now = 999, audiences = [caller.audience]) =>
    callerOfContext({ ...asTexts, ...changed }, audiences, now);

  test("comes back as it went in, though API Gateway makes texts of all", () => {
    expect(read({})).toEqual(caller);
  });

  test.each<[string, object, number, string]>([
    ["a token that expired since", {}, 1000, "token_invalid"],
    ["a missing expiry", { exp: undefined }, 1, "token_invalid"],
    ["an expiry that is no number", { exp: "soon" }, 1, "token_invalid"],
    ["an empty expiry", { exp: "" }, 1, "token_invalid"],
    ["no principal", { principal: undefined }, 1, "token_invalid"],
    ["another audience", { aud: "https://mcp.example.com/console" }, 1, "unauthorized_audience"],
  ])("refuses %s", (_, changed, now, code) => {
    expect(() => read(changed, now)).toThrow(expect.objectContaining({ code }));
  });

  test.each([null, undefined, {}])("refuses a request without a context (%s)", (nothing) => {
    expect(() => callerOfContext(nothing, [caller.audience], 1)).toThrow(
      expect.objectContaining({ code: "token_invalid" }),
    );
  });

  test("a route without audiences lets nobody in", () => {
    expect(() => read({}, 1, [])).toThrow(expect.objectContaining({ code: "unauthorized_audience" }));
  });
});
