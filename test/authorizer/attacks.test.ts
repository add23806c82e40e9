import { createHmac, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from "aws-lambda";
import { exportJWK, exportSPKI, type JWTPayload, UnsecuredJWT } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { createAuthorizer } from "../../lambdas/authorizer/authorizer.ts";
import { REFUSED_MESSAGE, type Refusal } from "../../lambdas/domain/identity/refusal.ts";
import { configSchema } from "../../lib/config/schema.ts";
import { invocation } from "../../local/api/functions.ts";
import { listed, rsa, seconds, serving, signed, signedText, startIssuer } from "./support/issuer.ts";

const AUDIENCE = "https://countersign.example.com";
const ARN = "arn:aws:execute-api:eu-central-1:111122223333:api/live/POST/mcp/ops";
const config = configSchema.parse(parse(readFileSync("config/gateway.yaml", "utf8")));
const folder = mkdtempSync(join(tmpdir(), "attacks-"));

const own = rsa();
const partner = rsa();
const foreign = rsa();
const weak = rsa(1024);
const curve = generateKeyPairSync("ec", { namedCurve: "P-256" });

let company: Awaited<ReturnType<typeof startIssuer>>;
let other: Awaited<ReturnType<typeof startIssuer>>;
/** The attacker's own key set, which nobody may ever ask for. */
let attacker: Awaited<ReturnType<typeof startIssuer>>;
let authorize: (
  authorization: string | undefined,
  more?: Partial<APIGatewayRequestAuthorizerEvent>,
) => Promise<APIGatewayAuthorizerResult>;
const refusals: Refusal[] = [];

beforeAll(async () => {
  company = await startIssuer(
    serving(
      await listed(own, "k1"),
      await listed(weak, "weak"),
      await listed(curve, "curve"),
      { kty: "oct", k: Buffer.from("everybody knows this").toString("base64url"), kid: "shared" },
      await listed(foreign, "for-encryption", { use: "enc" }),
    ),
  );
  other = await startIssuer(serving(await listed(partner, "k1"), await listed(partner, "k2")));
  attacker = await startIssuer(serving(await listed(foreign, "k1")));
  const [people, workloads] = config.identity.issuers;
  if (people === undefined || workloads === undefined) throw new Error("two issuers are configured");
  const issuers = [
    {
      ...people,
      issuer: company.url,
      jwksUri: `${company.url}/jwks`,
      algorithms: ["RS256", "ES256"],
      maxLifetime: 3600,
      require: { token_use: ["access"], email: null },
    },
    { ...people, name: "partner", issuer: other.url, jwksUri: `${other.url}/jwks`, type: "at+jwt" },
  ];
  const file = join(folder, "settings.json");
  writeFileSync(file, JSON.stringify({ config: { ...config, identity: { issuers } } }));
  // The log is what is looked at here.
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "DEBUG");
  const handler = createAuthorizer({ SETTINGS_FILE: file }, { refused: (refusal) => refusals.push(refusal) });
  authorize = async (authorization, more = {}) =>
    handler(
      {
        methodArn: ARN,
        httpMethod: "POST",
        path: "/mcp/ops",
        headers: authorization === undefined ? {} : { Authorization: authorization },
        requestContext: { requestId: "r1", identity: { sourceIp: "192.0.2.1", userAgent: "curl" } },
        ...more,
      } as unknown as APIGatewayRequestAuthorizerEvent,
      invocation("authorizer", 10),
    );
});
beforeEach(() => void refusals.splice(0));
afterAll(async () => {
  await Promise.all([company.stop(), other.stop(), attacker.stop()]);
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

const claims = (change: JWTPayload = {}): JWTPayload => ({
  iss: company.url,
  aud: AUDIENCE,
  sub: "u1",
  email: "dana@example.com",
  token_use: "access",
  iat: seconds(),
  exp: seconds() + 600,
  ...change,
});
const good = (header = {}) => signed(claims(), own.privateKey, header);
const withClaims = (change: JWTPayload) => signed(claims(change), own.privateKey);
const without = (name: string) => {
  const { [name]: _, ...rest } = claims();
  return signed(rest, own.privateKey);
};
const parts = async (token: Promise<string>) => (await token).split(".") as [string, string, string];
const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const byPartner = (change: JWTPayload = {}, typ: string | null = "at+jwt", kid = "k1") =>
  signed(claims({ iss: other.url, ...change }), partner.privateKey, { kid, ...(typ === null ? {} : { typ }) });

/** The public key as a secret, in the forms that libraries have taken it in. */
async function hmacWith(secret: string | Buffer, header: object = {}): Promise<string> {
  const input = `${base64url({ alg: "HS256", kid: "k1", ...header })}.${base64url(claims())}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

describe("the good tokens that the attacks are made from", () => {
  test("are let in", async () => {
    expect((await authorize(`Bearer ${await good()}`)).policyDocument.Statement[0]).toMatchObject({ Effect: "Allow" });
    expect((await authorize(`Bearer ${await byPartner()}`)).context?.iss).toBe(other.url);
    const es = await signed(claims(), curve.privateKey, { alg: "ES256", kid: "curve" });
    expect((await authorize(`Bearer ${es}`)).context?.iss).toBe(company.url);
    expect(refusals).toEqual([]);
  });

  test.each(["JWT", "jwt", "at+jwt", "application/at+jwt"])("may have the usual type %s", async (typ) => {
    expect((await authorize(`Bearer ${await good({ typ })}`)).principalId).toBe("company|u1");
  });

  test.each<[string, () => Promise<string>]>([
    ["an expiry within the tolerance", () => withClaims({ exp: seconds() - 20 })],
    ["a start within the tolerance", () => withClaims({ nbf: seconds() + 20 })],
    ["a time of issue within the tolerance", () => withClaims({ iat: seconds() + 20 })],
    ["the longest lifetime", () => withClaims({ iat: seconds() - 10, exp: seconds() + 3590 })],
    ["no time of issue, and little left to live", () => without("iat")],
  ])("may have %s", async (_, token) => {
    expect((await authorize(`Bearer ${await token()}`)).principalId).toBe("company|u1");
  });
});

const attacks: [string, Refusal["fault"], () => Promise<string> | string][] = [
  // None
  ["alg none", "malformed", () => new UnsecuredJWT(claims()).encode()],
  [
    "alg none with a signature",
    "algorithm",
    async () => {
      const [, payload, signature] = await parts(good());
      return `${base64url({ alg: "none", kid: "k1" })}.${payload}.${signature}`;
    },
  ],
  ["alg nOnE", "algorithm", () => `${base64url({ alg: "nOnE", kid: "k1" })}.${base64url(claims())}.AAAA`],
  ["no alg at all", "algorithm", () => `${base64url({ kid: "k1" })}.${base64url(claims())}.AAAA`],
  ["alg that is a list", "algorithm", () => `${base64url({ alg: ["RS256"], kid: "k1" })}.${base64url(claims())}.AAAA`],
  // Key confusion
  ["HS256 with the public key's PEM as secret", "algorithm", async () => hmacWith(await exportSPKI(own.publicKey))],
  [
    "HS256 with the public key's DER as secret",
    "algorithm",
    () => hmacWith(own.publicKey.export({ type: "spki", format: "der" })),
  ],
  [
    "HS256 with the key set's JSON as secret",
    "algorithm",
    async () => hmacWith(JSON.stringify(await listed(own, "k1"))),
  ],
  [
    "HS256 with a symmetric key that the set lists",
    "algorithm",
    () => hmacWith("everybody knows this", { kid: "shared" }),
  ],
  ["RS256 by the id of a symmetric key", "key", () => good({ kid: "shared" })],
  ["an elliptic key's id under RS256", "signature", () => good({ kid: "curve" })],
  ["an RSA key's id under ES256", "signature", () => signed(claims(), curve.privateKey, { alg: "ES256", kid: "k1" })],
  [
    "a key of 1024 bits that the set lists",
    "key",
    async () => {
      const { sign } = await import("node:crypto");
      const input = `${base64url({ alg: "RS256", kid: "weak" })}.${base64url(claims())}`;
      return `${input}.${sign("sha256", Buffer.from(input), weak.privateKey).toString("base64url")}`;
    },
  ],
  [
    "a key that the set lists for encryption",
    "key",
    () => signed(claims(), foreign.privateKey, { kid: "for-encryption" }),
  ],
  // A key of the sender's choice
  [
    "a jwk in the header",
    "header",
    async () => signed(claims(), foreign.privateKey, { jwk: await exportJWK(foreign.publicKey) }),
  ],
  ["a jku in the header", "header", () => signed(claims(), foreign.privateKey, { jku: `${attacker.url}/jwks` })],
  ["an x5u in the header", "header", () => signed(claims(), foreign.privateKey, { x5u: `${attacker.url}/chain.pem` })],
  ["an x5c in the header", "header", () => signed(claims(), foreign.privateKey, { x5c: ["MIIB"] })],
  ["a kid that is a URL", "key", () => signed(claims(), foreign.privateKey, { kid: `${attacker.url}/jwks` })],
  ["a kid that is a path", "key", () => signed(claims(), foreign.privateKey, { kid: "../../../../dev/null" })],
  ["a kid that is SQL", "key", () => signed(claims(), foreign.privateKey, { kid: "x' UNION SELECT 'key" })],
  ["a kid that every object has", "key", () => signed(claims(), foreign.privateKey, { kid: "__proto__" })],
  ["a kid that is empty", "key", () => good({ kid: "" })],
  [
    "a kid that is a list",
    "key",
    async () => signedText('{"alg":"RS256","kid":["k1"]}', JSON.stringify(claims()), own),
  ],
  ["no kid", "key", async () => signedText('{"alg":"RS256"}', JSON.stringify(claims()), own)],
  // Algorithm swap
  ["an algorithm that the issuer is not configured for", "algorithm", () => good({ alg: "RS512" })],
  ["PS256", "algorithm", () => good({ alg: "PS256" })],
  [
    "the algorithm in lower case",
    "algorithm",
    async () => {
      const [, payload, signature] = await parts(good());
      return `${base64url({ alg: "rs256", kid: "k1" })}.${payload}.${signature}`;
    },
  ],
  // Signature
  ["a signature that was cut off", "malformed", async () => `${(await parts(good())).slice(0, 2).join(".")}.`],
  ["no third part", "malformed", async () => (await parts(good())).slice(0, 2).join(".")],
  ["half a signature", "signature", async () => (await good()).slice(0, -100)],
  [
    "another token's signature",
    "signature",
    async () => {
      const [header, payload] = await parts(good());
      return [header, payload, (await parts(withClaims({ sub: "u2" })))[2]].join(".");
    },
  ],
  [
    "claims that were changed",
    "signature",
    async () => {
      const [header, , signature] = await parts(good());
      return [header, base64url(claims({ sub: "admin" })), signature].join(".");
    },
  ],
  ["another key under the right id", "signature", () => signed(claims(), foreign.privateKey)],
  [
    "an ES256 signature of zeros (psychic)",
    "signature",
    () =>
      `${base64url({ alg: "ES256", kid: "curve" })}.${base64url(claims())}.${Buffer.alloc(64).toString("base64url")}`,
  ],
  [
    "a DER signature under ES256",
    "signature",
    async () => {
      const { sign } = await import("node:crypto");
      const input = `${base64url({ alg: "ES256", kid: "curve" })}.${base64url(claims())}`;
      return `${input}.${sign("sha256", Buffer.from(input), curve.privateKey).toString("base64url")}`;
    },
  ],
  // Type
  ["an ID token's back channel: a logout token", "type", () => good({ typ: "logout+jwt" })],
  ["a DPoP proof", "type", () => good({ typ: "dpop+jwt" })],
  ["a security event", "type", () => good({ typ: "secevent+jwt" })],
  [
    "a type that is a list",
    "type",
    () => signedText('{"alg":"RS256","kid":"k1","typ":["JWT"]}', JSON.stringify(claims()), own),
  ],
  ["another type than the issuer sets", "type", () => byPartner({}, "JWT")],
  ["no type where the issuer sets one", "type", () => byPartner({}, null)],
  ["crit", "header", () => signedText('{"alg":"RS256","kid":"k1","crit":["exp"]}', JSON.stringify(claims()), own)],
  [
    "an unencoded payload",
    "header",
    () => signedText('{"alg":"RS256","kid":"k1","b64":false}', JSON.stringify(claims()), own),
  ],
  ["a compressed payload", "header", () => good({ zip: "DEF" })],
  ["an encrypted token", "malformed", () => `${base64url({ alg: "RSA-OAEP", enc: "A256GCM" })}.AAAA.AAAA.AAAA.AAAA`],
  // Times
  ["an expired token", "expired", () => withClaims({ exp: seconds() - 31 })],
  ["a token that is not valid yet", "not-yet-valid", () => withClaims({ nbf: seconds() + 60 })],
  ["a token issued in the future", "not-yet-valid", () => withClaims({ iat: seconds() + 60 })],
  ["a token issued long ago", "lifetime", () => withClaims({ iat: seconds() - 86_400 })],
  ["a token issued in 1970", "lifetime", () => withClaims({ iat: 0 })],
  ["a token that lives for years", "lifetime", () => withClaims({ exp: seconds() + 1e8 })],
  [
    "a token that lives for years and says not since when",
    "lifetime",
    async () => {
      const { iat: _, ...rest } = claims({ exp: seconds() + 1e8 });
      return signed(rest, own.privateKey);
    },
  ],
  [
    "an expiry beyond all time",
    "claims",
    () => signedText(HEADER, JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":1e400'), own),
  ],
  [
    "an expiry that is a text",
    "claims",
    () => signedText(HEADER, JSON.stringify({ ...claims(), exp: "9999999999" }), own),
  ],
  ["an expiry before all time", "expired", () => withClaims({ exp: -1 })],
  ["a start that is a text", "claims", () => signedText(HEADER, JSON.stringify({ ...claims(), nbf: "0" }), own)],
  ["a time of issue that is null", "claims", () => signedText(HEADER, JSON.stringify({ ...claims(), iat: null }), own)],
  ["no expiry", "claims", () => without("exp")],
  // Claims
  [
    "two subjects",
    "duplicate-member",
    () => signedText(HEADER, JSON.stringify(claims()).replace("{", '{"sub":"admin",'), own),
  ],
  [
    "two audiences, the second in an escape",
    "duplicate-member",
    () => signedText(HEADER, JSON.stringify(claims()).replace("{", '{"\\u0061ud":"x",'), own),
  ],
  [
    "two issuers",
    "duplicate-member",
    () => signedText(HEADER, JSON.stringify(claims()).replace("{", `{"iss":"${other.url}",`), own),
  ],
  [
    "two groups within a claim",
    "duplicate-member",
    () => signedText(HEADER, JSON.stringify(claims()).replace("{", '{"realm":{"roles":[],"roles":["admin"]},'), own),
  ],
  [
    "two algorithms",
    "duplicate-member",
    () => signedText('{"alg":"none","alg":"RS256","kid":"k1"}', JSON.stringify(claims()), own),
  ],
  ["no subject", "claims", () => without("sub")],
  ["an empty subject", "claims", () => withClaims({ sub: "" })],
  ["a subject that is a list", "claims", () => signedText(HEADER, JSON.stringify({ ...claims(), sub: ["u1"] }), own)],
  ["a required claim with another value: an ID token", "claims", () => withClaims({ token_use: "id" })],
  ["a required claim missing", "claims", () => without("email")],
  ["a required claim that is null", "claims", () => withClaims({ email: null })],
  ["claims that are a list", "malformed", () => signedText(HEADER, "[]", own)],
  ["claims that are no JSON", "malformed", () => signedText(HEADER, "iss", own)],
  [
    "claims that are no UTF-8",
    "malformed",
    async () => {
      const { sign } = await import("node:crypto");
      const payload = Buffer.concat([Buffer.from('{"sub":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
      const input = `${Buffer.from(HEADER).toString("base64url")}.${payload.toString("base64url")}`;
      return `${input}.${sign("sha256", Buffer.from(input), own.privateKey).toString("base64url")}`;
    },
  ],
  [
    "claims nested without end",
    "malformed",
    () => signedText(HEADER, `{"act":${'{"act":'.repeat(400)}1${"}".repeat(401)}`, own),
  ],
  // Audience and issuer
  ["another audience", "audience", () => withClaims({ aud: "https://elsewhere.example.com" })],
  ["an audience that begins like ours", "audience", () => withClaims({ aud: `${AUDIENCE}.evil.example` })],
  ["the audience in capitals", "audience", () => withClaims({ aud: AUDIENCE.toUpperCase() })],
  ["no audience", "audience", () => without("aud")],
  ["an empty list of audiences", "audience", () => withClaims({ aud: [] })],
  [
    "the console's audience from another issuer than the console's",
    "audience",
    () => byPartner({ aud: config.console.audience }),
  ],
  ["an unknown issuer", "issuer", () => signed(claims({ iss: attacker.url }), foreign.privateKey)],
  ["an issuer with a slash at the end", "issuer", () => withClaims({ iss: `${company.url}/` })],
  ["no issuer", "issuer", () => without("iss")],
  [
    "an issuer that is a list of both",
    "issuer",
    () => signedText(HEADER, JSON.stringify({ ...claims(), iss: [company.url] }), own),
  ],
  [
    "one issuer's token signed with the other's key of the same id",
    "signature",
    () => signed(claims(), partner.privateKey),
  ],
  [
    "one issuer's token signed with a key that only the other has",
    "key",
    () => signed(claims(), partner.privateKey, { kid: "k2" }),
  ],
  [
    "the other's token signed with ours",
    "signature",
    () => signed(claims({ iss: other.url }), own.privateKey, { typ: "at+jwt" }),
  ],
  // Bound to a key that nobody proves
  ["a DPoP-bound token", "bound", () => withClaims({ cnf: { jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" } })],
  [
    "an mTLS-bound token",
    "bound",
    () => withClaims({ cnf: { "x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2" } }),
  ],
  ["a token bound to nothing", "bound", () => withClaims({ cnf: {} })],
  // Size and shape
  ["what is no token", "malformed", () => "garbage"],
  ["dots alone", "malformed", () => "..."],
  ["padding", "malformed", async () => (await good()).replaceAll(".", "==.")],
];
const HEADER = '{"alg":"RS256","kid":"k1"}';

describe("an attack is answered with 401, told once, and tells nothing of the token", () => {
  test.each(attacks)("%s (%s)", async (_, fault, attack) => {
    const written: string[] = [];
    const spies = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, "write").mockImplementation((text) => {
        written.push(String(text));
        return true;
      }),
    );
    const token = await attack();
    try {
      await expect(authorize(`Bearer ${token}`)).rejects.toThrow(/^Unauthorized$/);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    expect(refusals).toEqual([
      {
        fault,
        issuer: refusals[0]?.issuer,
        bytes: Buffer.byteLength(token),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        requestId: "r1",
        ip: "192.0.2.1",
        userAgent: "curl",
        method: "POST",
        path: "/mcp/ops",
      },
    ]);
    expect([null, "company", "partner"]).toContain(refusals[0]?.issuer);
    const told = written.join("");
    expect(told).toContain(REFUSED_MESSAGE);
    for (const word of [
      "u1",
      "dana",
      "admin",
      attacker.url,
      "dev/null",
      "UNION",
      ...token.split(".").filter((part) => part.length > 8),
    ])
      expect(told).not.toContain(word);
  });

  test("nobody ever asked the attacker for keys", () => {
    expect(attacker.state.asked).toBe(0);
  });
});

test("a token that is too long is answered with 403 and why, told once: the next one would be as long", async () => {
  const token = await withClaims({ groups: Array.from({ length: 400 }, (_, at) => `a group of many: ${at}`) });
  const why = `the token is ${token.length} bytes long, and at most 8192 are read; have the issuer put fewer groups or claims into it`;
  const { policyDocument, context } = await authorize(`Bearer ${token}`);
  expect(policyDocument.Statement).toMatchObject([{ Effect: "Deny" }]);
  expect(context).toEqual({ why });
  expect(refusals).toMatchObject([{ fault: "oversize", why, bytes: token.length, issuer: null }]);
  expect(JSON.stringify(refusals)).not.toContain("a group of many");
});

describe("claims by names that every object has", () => {
  const ODD =
    '"__proto__":{"polluted":1,"groups":["admin"],"email":"boss@example.com"},"constructor":{"prototype":{"polluted":1}}';
  afterEach(() => expect("polluted" in {}).toBe(false));

  test("are nobody's groups, name or person", async () => {
    const text = (change: JWTPayload) => JSON.stringify(claims(change)).replace("{", `{${ODD},`);
    const plain = await authorize(`Bearer ${await withClaims({ jti: "same" })}`);
    const odd = await authorize(`Bearer ${await signedText(HEADER, text({ jti: "same" }), own)}`);
    expect(JSON.parse(String(odd.context?.principal))).toEqual(JSON.parse(String(plain.context?.principal)));
  });

  test("do not stand for a claim that is required", async () => {
    const { email: _, ...rest } = claims();
    const token = await signedText(HEADER, JSON.stringify(rest).replace("{", `{${ODD},`), own);
    await expect(authorize(`Bearer ${token}`)).rejects.toThrow(/^Unauthorized$/);
    expect(refusals).toMatchObject([{ fault: "claims" }]);
  });

  test("in a header stand for nothing of it", async () => {
    const header = '{"__proto__":{"alg":"RS256","kid":"k1"},"typ":"JWT"}';
    await expect(authorize(`Bearer ${await signedText(header, JSON.stringify(claims()), own)}`)).rejects.toThrow(
      /^Unauthorized$/,
    );
    expect(refusals).toMatchObject([{ fault: "algorithm" }]);
  });
});

describe("the header that carries it", () => {
  test.each<[string | undefined, Refusal["fault"]]>([
    [undefined, "absent"],
    ["Basic dTpw", "malformed"],
    ["Bearer", "malformed"],
    ["Bearer a b", "malformed"],
    ["Bearer a,b", "malformed"],
    ["DPoP a.b.c", "malformed"],
  ])("%j is refused", async (header, fault) => {
    await expect(authorize(header)).rejects.toThrow(/^Unauthorized$/);
    expect(refusals).toMatchObject([{ fault }]);
  });

  test("is refused when it is sent twice, though one is good", async () => {
    const token = `Bearer ${await good()}`;
    await expect(authorize(token, { multiValueHeaders: { authorization: [token, "Bearer x.y.z"] } })).rejects.toThrow(
      /^Unauthorized$/,
    );
  });
});

describe("a genuine token that names nobody here is answered with 403 and the reason", () => {
  test.each<[string, JWTPayload, RegExp]>([
    [
      "groups left out of Entra's token because there are too many",
      { _claim_names: { groups: "src1" }, _claim_sources: { src1: { endpoint: "https://graph.microsoft.com" } } },
      /does not list its groups.*too many/,
    ],
    ["groups that are no list", { groups: 7 }, /the claim groups is not a list of texts/],
    ["a name that is no text", { name: { given: "Dana" } }, /the claim name is not a text/],
  ])("%s", async (_, change, why) => {
    const { policyDocument, context, principalId } = await authorize(`Bearer ${await withClaims(change)}`);
    expect(policyDocument.Statement).toEqual([
      {
        Action: "execute-api:Invoke",
        Effect: "Deny",
        Resource: "arn:aws:execute-api:eu-central-1:111122223333:api/live/*",
      },
    ]);
    expect(context).toEqual({ why: expect.stringMatching(why) });
    expect(principalId).toBe("nobody");
    expect(refusals).toMatchObject([{ fault: "unusable", why: expect.stringMatching(why) }]);
  });
});
