import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileMasking, MaskingError, maskJson, maskText } from "../../../lambdas/domain/masking/index.ts";
import { RULES } from "../../../lambdas/domain/masking/rules/index.ts";
import { type MaskingConfig, parseMasking } from "../../../lib/config/masking.ts";

const config = parseMasking(readFileSync("config/masking.yaml", "utf8"), "config/masking.yaml");
const rules = compileMasking(config);
const tag = (value: string) => createHmac("sha256", "a key of this test").update(value).digest("hex");
const masked = (value: unknown) => JSON.parse(maskJson(JSON.stringify(value), rules, tag).text) as unknown;

const KEY_ID = `${"AK"}IA${"IOSFODNN7EXAMPLE"}`;
const GITHUB = `${"gh"}p_${"16C7e42F292c6912E7710c838347Ae178B4a"}`;

describe("maskJson", () => {
  test("masks by the name of a field, whatever its value", () => {
    expect(masked({ password: "a", clientSecret: "b c", "X-Api-Key": "d", pin_token: 1234, user: "ada" })).toEqual({
      password: "[PASSWORD]",
      clientSecret: "[SECRET]",
      "X-Api-Key": "[SECRET]",
      pin_token: 0,
      user: "ada",
    });
    expect(masked({ name: "DB_PASSWORD", value: "x1" })).toEqual({ name: "DB_PASSWORD", value: "[PASSWORD]" });
    expect(masked({ token: ["a", "b"], password: null, secret: true, passwd: "" })).toEqual({
      token: ["[SECRET]", "[SECRET]"],
      password: null,
      secret: true,
      passwd: "",
    });
  });

  test("reads JSON inside a string, as MCP carries it, and inside that again", () => {
    const inner = JSON.stringify(
      { db: { password: 'pä\n"ss' }, keep: "é", deep: JSON.stringify({ token: "t-1" }) },
      null,
      2,
    );
    const answer = { content: [{ type: "text", text: inner }] };
    const result = maskJson(JSON.stringify(answer), rules, tag);
    const text = (JSON.parse(result.text) as typeof answer).content[0]?.text ?? "";
    expect(text).toBe(inner.replace('pä\\n\\"ss', "[PASSWORD]").replace("t-1", "[SECRET]"));
    expect(result.findings.map(({ kind, pointer }) => [kind, pointer])).toEqual([
      ["PASSWORD", "/content/0/text"],
      ["SECRET", "/content/0/text"],
    ]);
    expect(result.findings[0]?.tag).toBe(tag('pä\n"ss'));
  });

  test("tells the place of what stands under half a surrogate pair in well-formed text: records are UTF-8", () => {
    const source = `{"a":{"\\ud800":"${KEY_ID}","x\\udc00y":["password=b"]}}`;
    const { text, findings } = maskJson(source, rules, tag);
    expect(text).toBe('{"a":{"\\ud800":"[AWS_ACCESS_KEY_ID]","x\\udc00y":["password=[PASSWORD]"]}}');
    expect(findings.map(({ pointer }) => pointer)).toEqual(["/a/\ufffd", "/a/x\ufffdy/0"]);
  });

  test("finds secrets that the source escapes, and changes no other byte", () => {
    const source = `{ "t" : "caf\\u00e9 \\u0041${KEY_ID.slice(1)}\\/x" ,\t"n":1.50, "p": "user=a\\npassword=b c\\nz=1" }`;
    const result = maskJson(source, rules, tag);
    expect(result.text).toBe(
      '{ "t" : "caf\\u00e9 [AWS_ACCESS_KEY_ID]\\/x" ,\t"n":1.50, "p": "user=a\\npassword=[PASSWORD]\\nz=1" }',
    );
    expect(result.findings).toEqual([
      { kind: "AWS_ACCESS_KEY_ID", pointer: "/t", start: 5, length: 20, tag: tag(KEY_ID) },
      { kind: "PASSWORD", pointer: "/p", start: 16, length: 3, tag: tag("b c") },
    ]);
  });

  test("masks a whole environment file", () => {
    const file = `# prod\nexport AWS_ACCESS_KEY_ID=${KEY_ID}\nDB_HOST=db.internal\nDB_PASSWORD="x y"\nGITHUB_TOKEN=${GITHUB}\nPORT=5432\n`;
    expect(maskText(file, rules, tag).text).toBe(
      '# prod\nexport AWS_ACCESS_KEY_ID=[AWS_ACCESS_KEY_ID]\nDB_HOST=db.internal\nDB_PASSWORD="[PASSWORD]"\nGITHUB_TOKEN=[GITHUB_TOKEN]\nPORT=5432\n',
    );
  });

  test("joins overlapping finds under the longest", () => {
    expect(masked({ token: GITHUB })).toEqual({ token: "[GITHUB_TOKEN]" });
    expect(masked({ authorization: `Bearer ${GITHUB}` })).toEqual({ authorization: "[SECRET]" });
  });

  test("makes card numbers 0 where they are numbers", () => {
    const card = Number(`${"4242"}${"4242"}${"4242"}${"4242"}`);
    expect(masked({ a: card, b: String(card), c: card + 1 })).toEqual({ a: 0, b: "[CARD_NUMBER]", c: card + 1 });
  });

  test("makes card numbers 0 however a table of floating points writes them", () => {
    const card = `${"4111"}${"1111"}${"1111"}${"1111"}`;
    const science = `${card[0]}.${card.slice(1)}e15`;
    const one = (source: string) => maskJson(source, rules, tag).text;
    for (const written of [`${card}.0`, `${card}.000`, `-${card}.0`, science, science.replace("e", "E+"), `${card}E0`])
      expect(one(`{"credit_card_number":${written}}`)).toBe('{"credit_card_number":0}');
    expect(one(`["${card}.0","${science}","a,${science.replace("e", "E+")},b"]`)).toBe(
      '["[CARD_NUMBER].0","[CARD_NUMBER]","a,[CARD_NUMBER],b"]',
    );
    const harmless = `[${card.slice(0, 15)}2.0,${card}.25,1763683200.5,1.5e3,0.${card},1e400,"${card}.25"]`;
    expect(one(harmless)).toBe(harmless);
  });

  test("leaves what JSON-RPC matches answers by, and only there", () => {
    const id = `${"4242"}${"4242"}${"4242"}${"4242"}`;
    const message = { jsonrpc: "2.0", id, method: "x", params: { progressToken: id, other: id, id } };
    expect(masked(message)).toEqual({
      ...message,
      params: { progressToken: id, other: "[CARD_NUMBER]", id: "[CARD_NUMBER]" },
    });
    expect(masked({ id })).toEqual({ id: "[CARD_NUMBER]" });
  });

  test("leaves what must come back as it was given: cursors, and what names a task or a subscription", () => {
    const id = `${"4242"}${"4242"}${"4242"}${"4242"}`;
    const _meta = {
      "io.modelcontextprotocol/related-task": { taskId: id },
      "io.modelcontextprotocol/subscriptionId": id,
    };
    for (const kept of [
      { result: { nextCursor: id, taskId: id, task: { taskId: id }, tasks: [{ taskId: id }, { taskId: id }], _meta } },
      { params: { cursor: id, taskId: id, _meta } },
    ])
      expect(masked({ jsonrpc: "2.0", ...kept })).toEqual({ jsonrpc: "2.0", ...kept });
    const said = {
      result: { cursor: id, content: [{ taskId: id, nextCursor: id }], structuredContent: { taskId: id } },
    };
    expect(JSON.stringify(masked({ jsonrpc: "2.0", ...said }))).not.toContain(id);
    expect(masked({ result: { nextCursor: id } })).toEqual({ result: { nextCursor: "[CARD_NUMBER]" } });
  });

  test("withholds what it cannot read, without quoting it", () => {
    expect(() => maskJson("password=hunter2", rules, tag)).toThrow(new MaskingError("the text to mask is not JSON"));
    expect(() => maskJson(`${"[".repeat(2000)}"${KEY_ID}"${"]".repeat(2000)}`, rules, tag)).toThrow(MaskingError);
    const broken = () => {
      throw new Error("no key");
    };
    expect(() => maskJson(`["${KEY_ID}"]`, rules, broken)).toThrow(MaskingError);
  });
});

describe("compileMasking", () => {
  const withAllowed: MaskingConfig = {
    rules: ["EMAIL_ADDRESS"],
    allow: [{ server: "ops", kind: "EMAIL_ADDRESS", value: "help@example\\.com" }],
    own: [{ kind: "EMPLOYEE_NUMBER", pattern: "\\bE-\\d{6}\\b" }],
  };
  const text = "help@example.com xhelp@example.com E-123456";

  test("allows whole values on the named server alone", () => {
    expect(maskText(text, compileMasking(withAllowed, "ops"), tag).text).toBe(
      "help@example.com [EMAIL_ADDRESS] [EMPLOYEE_NUMBER]",
    );
    expect(maskText(text, compileMasking(withAllowed, "files"), tag).text).toBe(
      "[EMAIL_ADDRESS] [EMAIL_ADDRESS] [EMPLOYEE_NUMBER]",
    );
    expect(maskText(text, compileMasking(withAllowed), tag).text).toBe(
      "[EMAIL_ADDRESS] [EMAIL_ADDRESS] [EMPLOYEE_NUMBER]",
    );
  });
});

describe("whatever the text", () => {
  const secret = fc.constantFrom(
    ...RULES.flatMap((rule) => rule.examples.map((example) => example.text)),
    KEY_ID,
    GITHUB,
  );
  const plain = fc.string({ unit: "binary", maxLength: 20 });
  const glue = fc.constantFrom(
    "",
    " ",
    "\n",
    "=",
    ": ",
    '"',
    "\\",
    "-",
    "@",
    "[",
    "]",
    ",",
    "\t",
    "eyJ",
    "password: |\n ",
    "password=",
    "token: ",
    "1",
    "a",
  );
  const text = fc.array(fc.oneof(secret, plain, glue), { maxLength: 8 }).map((parts) => parts.join(""));
  const name = fc.oneof(fc.constantFrom("password", "token", "name", "value", "key", "text", "id", "jsonrpc"), plain);
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.integer(),
      fc.constantFrom(4242424242424242, 0, true, null),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(name, tie("tree"), { maxKeys: 4 }),
      tie("tree").map((value) => JSON.stringify(value)),
    ),
  }));
  const runs = { numRuns: 1500 };

  const shape = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shape);
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, shape(v)]));
    return value === null ? "null" : typeof value;
  };

  test("masking twice equals masking once, and the shape stays", () => {
    fc.assert(
      fc.property(tree, (value) => {
        const source = JSON.stringify(value);
        const once = maskJson(source, rules, tag);
        const twice = maskJson(once.text, rules, tag);
        expect(twice.text).toBe(once.text);
        expect(twice.findings).toEqual([]);
        expect(shape(JSON.parse(once.text))).toEqual(shape(JSON.parse(source)));
        if (once.findings.length === 0) expect(once.text).toBe(source);
      }),
      runs,
    );
  });

  test("masking plain text twice equals masking once", () => {
    fc.assert(
      fc.property(text, (source) => {
        const once = maskText(source, rules, tag).text;
        expect(maskText(once, rules, tag).text).toBe(once);
      }),
      runs,
    );
  });

  test("findings name places that held what was masked", () => {
    fc.assert(
      fc.property(text, (source) => {
        for (const { start, length } of maskText(source, rules, tag).findings) {
          expect(length).toBeGreaterThan(0);
          expect(start + length).toBeLessThanOrEqual(source.length);
        }
      }),
    );
  });
});

describe("time grows no faster than the text", () => {
  const PATTERNS = [
    "eyJ",
    "a@",
    "password=",
    'password="',
    "token: x ",
    "1 ",
    "4-",
    "AKIA",
    "-----BEGIN PRIVATE KEY-----",
    "://a:b",
    "\\",
    "gh",
    "[",
    "{",
    '"',
    "a",
    "xoxb-",
    ":/",
    "secret ",
  ];
  test.each(PATTERNS)("of %s", (pattern) => {
    const source = pattern.repeat(Math.ceil(400_000 / pattern.length));
    const started = performance.now();
    maskJson(JSON.stringify({ text: source, inner: JSON.stringify([source]) }), rules, tag);
    expect(performance.now() - started).toBeLessThan(2500);
  });
});
