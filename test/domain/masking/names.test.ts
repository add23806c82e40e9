import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileMasking, maskJson } from "../../../lambdas/domain/masking/index.ts";
import { RULES } from "../../../lambdas/domain/masking/rules/index.ts";

const rules = compileMasking({ rules: RULES.map(({ kind }) => kind), allow: [], own: [] });
const maskedText = (source: string) => maskJson(source, rules, () => "tag").text;
const masked = (value: unknown) => JSON.parse(maskedText(JSON.stringify(value))) as unknown;

const WEAK = ["hun", "ter22"].join("");
const RANDOM = ["aB3dE5fG7hJ9kL2m", "N4pQ6rS8tU0vW1xY"].join("");

describe("what AWS, Terraform and others put beside a name", () => {
  const shapes: readonly (readonly [string, unknown])[] = [
    ["Secrets Manager", { Name: "prod/db-password", SecretString: WEAK }],
    ["Secrets Manager, whatever the name", { Name: "prod/db", VersionId: "v1", SecretString: RANDOM }],
    ["Parameter Store", { Name: "/prod/db", Type: "SecureString", Value: WEAK }],
    ["Parameter Store's answer", { Parameter: { Value: WEAK, Name: "/prod/db", Type: "SecureString" } }],
    ["CloudFormation", { ParameterKey: "DBPassword", ParameterValue: WEAK }],
    ["Elastic Beanstalk", { Namespace: "app", OptionName: "DB_PASSWORD", Value: WEAK }],
    ["KMS", { KeyId: "alias/a", Plaintext: Buffer.from(WEAK).toString("base64") }],
    ["SQS attributes", { password: { StringValue: WEAK, DataType: "String" } }],
    ["terraform output", { db_password: { sensitive: true, type: "string", value: WEAK } }],
    ["terraform output of a plain name", { db_url: { sensitive: true, type: "string", value: WEAK } }],
    ["terraform state", { name: "db_password", values: { result: WEAK, length: 8 } }],
    ["Azure Pipelines", { value: WEAK, isSecret: true }],
    ["a form", { label: "Password:", value: WEAK }],
    ["a list", { value: [WEAK], name: "DB_PASSWORD" }],
    ["versions", { password: { current: "swordfish", previous: WEAK } }],
    ["levels", { password: { prod: { primary: WEAK } } }],
    ["owners", { passwords: { db: WEAK, admin: WEAK } }],
    ["a short name", { user: "ada", pass: WEAK }],
    ["a name of its value's form", { passwordValue: WEAK }],
    ["an array", ["DB_PASSWORD", WEAK]],
    ["a label before", ["password:", WEAK]],
    ["an id and its key", { [`${"AK"}IAQYLPMN5HHZTRKEQ2`]: RANDOM }],
  ];
  test.each(shapes)("is masked: %s", (_, shape) => {
    const text = maskedText(JSON.stringify(shape));
    expect(text).not.toContain(WEAK);
    expect(text).not.toContain("swordfish");
    expect(text).not.toContain(RANDOM);
    expect(text).not.toContain(Buffer.from(WEAK).toString("base64"));
    expect(maskedText(text)).toBe(text);
    expect(maskedText(JSON.stringify({ text: JSON.stringify(shape) }))).toBe(JSON.stringify({ text }));
  });

  test("is masked by names that leave it open, where it looks drawn at random", () => {
    for (const name of ["cookie", "session_id", "sessionId", "jwt", "ssh_key", "wallet_key", "walletKey"]) {
      expect(masked({ [name]: RANDOM })).toEqual({ [name]: "[SECRET]" });
      expect(masked({ [name]: "main menu" })).toEqual({ [name]: "main menu" });
    }
    const harmless = { session_id: "123e4567-e89b-42d3-a456-426614174000", public_key: RANDOM, cache_key: RANDOM };
    expect(masked(harmless)).toEqual(harmless);
  });

  test("is read as JSON where a secret's text is that, and what is not of the secret stays", () => {
    const secret = JSON.stringify({ username: "ada", password: WEAK, port: 5432, host: "db.example.org", other: WEAK });
    expect(masked({ SecretString: secret })).toEqual({
      SecretString: secret.replace(WEAK, "[PASSWORD]").replace(WEAK, "[SECRET]"),
    });
  });
});

describe("what tells about a secret stays", () => {
  test.each([
    [
      {
        password: {
          type: "string",
          minLength: 8,
          pattern: "^[a-z0-9]{8}$",
          description: "8 or more",
          enum: ["abc123"],
        },
      },
    ],
    [
      {
        properties: {
          token: { anyOf: [{ type: "string" }, { type: "null" }], title: "Token 1", examples: ["abc123"] },
        },
      },
    ],
    [{ password: { required: true, label: "Password", error: "must be 8 long", strength: "weak", score: 2 } }],
    [{ token: { type: "access", expires_at: "2026-11-21T08:10:07Z", alg: "RS256", id: "9f1c2b7a", count: 12345 } }],
    [{ credentials: { username: "ada1990", host: "db1.example.org", port: 5432 } }],
    [
      {
        secret: {
          name: "prod/db2",
          arn: "arn:aws:secretsmanager:eu-central-1:1:secret:x-Ab1",
          metadata: { a: "b1c2d3" },
        },
      },
    ],
    [{ name: "password", description: "x1y2z3 or so", type: "string" }],
    [{ sensitive: false, value: "x1y2z3" }],
    [{ tokens: ["the", "cat1"], pass: "12 of 12" }],
    [{ token: { value: "token__operator", default: "./key/secret1.js" } }],
    [["DB_PASSWORD", "DB_HOST_2", "API_KEY"]],
    [["username", "password", "abc123x"]],
    [{ name: "theme", value: "dark1", key: "uploads/2024/report1.png" }],
  ])("%j", (value) => {
    expect(masked(value)).toEqual(value);
  });
});

test("members name each other in any order, and however their names are escaped", () => {
  const entries = fc.constantFrom(
    { Name: "/prod/db", Type: "SecureString", Value: WEAK },
    { name: "prod/db/password", value: WEAK, type: "string", note: "a" },
    { key: "API_KEY", value: [WEAK, "b"], masked: true },
    { OptionName: "DB_PASSWORD", Value: 123456 },
  );
  const shuffled = entries.chain((shape) =>
    fc.shuffledSubarray(Object.entries(shape), { minLength: Object.keys(shape).length }),
  );
  fc.assert(
    fc.property(shuffled, fc.nat(9), (members, before) => {
      const shape = { list: [...Array.from({ length: before }, (_, at) => ({ at })), Object.fromEntries(members)] };
      const source = JSON.stringify(shape).replaceAll("/", "\\/").replaceAll("w", "\\u0077");
      const result = maskJson(source, rules, () => "tag");
      expect(result.text).not.toMatch(/ter22|123456/);
      expect(result.findings.map(({ pointer }) => pointer.replace(/\/0$/, ""))).toSatisfy((pointers: string[]) =>
        pointers.every((pointer) => /^\/list\/\d\/value$/i.test(pointer.replace(/\/1$/, ""))),
      );
      expect(maskedText(result.text)).toBe(result.text);
    }),
    { numRuns: 200 },
  );
});

test("names below and beside secrets cost time that grows no faster than the text", () => {
  const deep = `${'{"password":'.repeat(400)}"x"${"}".repeat(400)}`;
  const list = (length: number, element: (at: number) => string) =>
    Array.from({ length }, (_, at) => element(at)).join();
  const documents: readonly ((size: number) => string)[] = [
    (size) => `[${list(size, (at) => `{"value":"x${at}","name":"DB_PASSWORD"}`)}]`,
    (size) => `{${list(size * 2, () => '"value":"x1"')},"name":"DB_PASSWORD"}`,
    (size) => `{${list(size * 2, (at) => `"name":"a${at}"`)},"value":"x1"}`,
    (size) => `[${list(size / 20, () => deep)}]`,
  ];
  const timeOf = (document: string) => {
    const before = process.cpuUsage();
    maskedText(document);
    return process.cpuUsage(before).user / 1000;
  };
  for (const document of documents) {
    timeOf(document(2000));
    // Sixteen times the time for four times the text would be the square.
    expect(timeOf(document(8000))).toBeLessThan(10 * timeOf(document(2000)) + 300);
  }
});
