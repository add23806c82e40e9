import { createHmac, generateKeyPairSync, hkdfSync } from "node:crypto";
import fc from "fast-check";
import { CompactEncrypt, EncryptJWT, SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { CountersignError } from "../../lambdas/domain/error.ts";
import { createSeals, type SealPurpose } from "../../lambdas/domain/seal/seal.ts";
import { runs } from "./support/runs.ts";

const SECRET = "the newest secret";
const now = () => 1_800_000_000_000;
const seals = createSeals([SECRET, "an older secret"], now);
const PURPOSES = ["session", "request-state", "event"] as const satisfies readonly SealPurpose[];
const purpose = fc.constantFrom(...PURPOSES);
const payload = fc.dictionary(fc.string({ maxLength: 6 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });

/** Refused, and with the one code that callers know. */
async function refused(token: string, of: SealPurpose = "session"): Promise<void> {
  try {
    await seals.unseal(of, token);
  } catch (error) {
    expect(error, token).toBeInstanceOf(CountersignError);
    expect((error as CountersignError).code).toBe("seal_invalid");
    return;
  }
  throw new Error(`it opened: ${token}`);
}

const CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

describe("a seal", () => {
  /** Claims that JWT gives a meaning are not the product's. */
  const ours = payload.filter(
    (value) =>
      !["exp", "nbf", "iat", "iss", "aud", "sub", "jti", "__proto__"].some((name) => Object.hasOwn(value, name)),
  );
  const lifetime = fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: null });

  test("opens as what it was sealed", async () => {
    await fc.assert(
      fc.asyncProperty(purpose, ours, lifetime, async (of, value, seconds) => {
        const opened = await seals.unseal(of, await seals.seal(of, value, seconds));
        expect(opened).toMatchObject(JSON.parse(JSON.stringify(value)));
      }),
      runs(150),
    );
  });

  test("of one purpose never opens as another", async () => {
    await fc.assert(
      fc.asyncProperty(purpose, purpose, ours, async (of, as, value) => {
        if (of !== as) await refused(await seals.seal(of, value, null), as);
      }),
      runs(150),
    );
  });

  test("with any bit of its bytes changed is refused", async () => {
    const token = await seals.seal("session", { session: "s", upstream: "u", principal: "company|dana" }, null);
    const parts = token.split(".");
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(0, 2, 3, 4), fc.nat(), fc.nat({ max: 7 }), async (part, place, bit) => {
        const bytes = Buffer.from(parts[part] ?? "", "base64url");
        const at = place % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        await refused(parts.with(part, bytes.toString("base64url")).join("."));
      }),
      runs(400),
    );
  });

  test("with a character changed, put in or left out is refused", async () => {
    await fc.assert(
      fc.asyncProperty(
        ours,
        fc.nat(),
        fc.constantFrom(0, 1),
        fc.constantFrom(...CHARACTERS, "", ".", "=", "+", "/", "\u0000", "é"),
        async (value, place, removed, put) => {
          const token = await seals.seal("session", value, null);
          const at = place % token.length;
          const changed = token.slice(0, at) + put + token.slice(at + removed);
          // The last character of a part carries bits of no byte; those have a test of their own.
          const sameBytes = changed.split(".").every((part, index) => {
            return Buffer.from(part, "base64url").equals(Buffer.from(token.split(".")[index] ?? "", "base64url"));
          });
          if (!sameBytes) await refused(changed);
        },
      ),
      runs(600),
    );
  });

  test("has one spelling: bits beyond the last byte, padding and blanks are refused", async () => {
    for (let length = 0; length < 3; length += 1) {
      const token = await seals.seal("session", { session: "s".repeat(length) }, null);
      const parts = token.split(".");
      for (const part of [2, 3, 4]) {
        const text = parts[part] ?? "";
        const bytes = Buffer.from(text, "base64url");
        const spellings = [
          ...CHARACTERS.split("").map((last) => text.slice(0, -1) + last),
          `${text}=`,
          `${text}==`,
          ` ${text}`,
          `${text}\n`,
          `${text.slice(0, 4)} ${text.slice(4)}`,
        ].filter((other) => other !== text && Buffer.from(other, "base64url").equals(bytes));
        for (const other of spellings) await refused(parts.with(part, other).join("."));
      }
    }
  });

  test("that is cut, doubled or joined with another is refused", async () => {
    const [one, other] = [await seals.seal("session", { a: 1 }, null), await seals.seal("session", { a: 2 }, null)];
    const swapped = [0, 1, 2, 3, 4].flatMap((part) => {
      const mixed = one
        .split(".")
        .with(part, other.split(".")[part] ?? "")
        .join(".");
      return mixed === one ? [] : [mixed];
    });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.nat({ max: one.length - 1 }).map((length) => one.slice(0, length)),
          fc.nat({ max: one.length - 1 }).map((start) => one.slice(start + 1)),
          fc.constantFrom(one + one, `${one}.`, `.${one}`, `${one}.${other}`, ...swapped),
        ),
        async (token) => refused(token),
      ),
      runs(200),
    );
  });
});

describe("what is no seal of ours is refused", () => {
  test("any text, short and very long", async () => {
    const part = fc.oneof(
      fc.constantFrom(
        "",
        "e30",
        "bnVsbA",
        "W10",
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0",
        "__proto__",
        "eyJhbGciOm51bGx9",
      ),
      fc.base64String({ maxLength: 40 }),
    );
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.array(part, { maxLength: 7 }).map((parts) => parts.join(".")),
      fc
        .tuple(fc.constantFrom("A", ".", "é", "a.b.c.d.", "\u0000"), fc.integer({ min: 1, max: 20_000 }))
        .map(([piece, times]) => piece.repeat(times)),
    );
    await fc.assert(
      fc.asyncProperty(text, purpose, async (token, of) => refused(token, of)),
      runs(400),
    );
  });

  test("any header before a body of ours", async () => {
    const token = await seals.seal("session", { a: 1 }, null);
    const header = fc.oneof(
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc
        .record(
          {
            alg: fc.constantFrom(
              "dir",
              "none",
              "A256KW",
              "A256GCMKW",
              "PBES2-HS512+A256KW",
              "RSA-OAEP",
              "ECDH-ES",
              "HS256",
            ),
            enc: fc.constantFrom("A256GCM", "A128GCM", "A256CBC-HS512", "none"),
            zip: fc.constant("DEF"),
            crit: fc.constantFrom(["exp"], [], ["b64"]),
            p2c: fc.constantFrom(1, 1e9),
            p2s: fc.constant("AAAA"),
            epk: fc.constant({}),
            jku: fc.constant("http://127.0.0.1:9/"),
          },
          { requiredKeys: ["alg", "enc"] },
        )
        .map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(header, async (text) => {
        const encoded = Buffer.from(text).toString("base64url");
        fc.pre(encoded !== token.split(".")[0]);
        await refused(token.split(".").with(0, encoded).join("."));
      }),
      runs(400),
    );
  });

  /** The product's own key, so that nothing but the algorithm is foreign. */
  const keyOf = (of: SealPurpose, length = 32, secret = SECRET) =>
    new Uint8Array(hkdfSync("sha256", secret, "countersign", `seal:${of}`, length));
  const foreign: Record<string, string> = {};

  beforeAll(async () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const encrypted = (alg: string, enc: string, key: Uint8Array | typeof rsa.publicKey) =>
      new EncryptJWT({ session: "s" }).setProtectedHeader({ alg, enc }).encrypt(key);
    foreign["dir with A128GCM"] = await encrypted("dir", "A128GCM", keyOf("session", 16));
    foreign["dir with A128CBC-HS256"] = await encrypted("dir", "A128CBC-HS256", keyOf("session"));
    foreign.A256KW = await encrypted("A256KW", "A256GCM", keyOf("session"));
    foreign.A256GCMKW = await encrypted("A256GCMKW", "A256GCM", keyOf("session"));
    foreign["RSA-OAEP"] = await encrypted("RSA-OAEP", "A256GCM", rsa.publicKey);
    foreign["RSA-OAEP-256"] = await encrypted("RSA-OAEP-256", "A256GCM", rsa.publicKey);
    foreign["alg none"] = new UnsecuredJWT({ session: "s" }).encode();
    foreign.HS256 = await new SignJWT({ session: "s" }).setProtectedHeader({ alg: "HS256" }).sign(keyOf("session"));
    foreign["a key of another secret"] = await encrypted("dir", "A256GCM", keyOf("session", 32, "a foreign secret"));
    foreign["a key of another purpose"] = await encrypted("dir", "A256GCM", keyOf("request-state"));
    foreign["no JWT inside"] = await new CompactEncrypt(Buffer.from("no claims"))
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .encrypt(keyOf("session"));
    foreign["a list inside"] = await new CompactEncrypt(Buffer.from("[1]"))
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .encrypt(keyOf("session"));
    const [header = "", body = ""] = foreign.HS256.split(".");
    foreign["HS256 by hand"] =
      `${header}.${body}.${createHmac("sha256", keyOf("session")).update("x").digest("base64url")}`;
  });

  test.each([
    "dir with A128GCM",
    "dir with A128CBC-HS256",
    "A256KW",
    "A256GCMKW",
    "RSA-OAEP",
    "RSA-OAEP-256",
    "alg none",
    "HS256",
    "HS256 by hand",
    "a key of another secret",
    "a key of another purpose",
    "no JWT inside",
    "a list inside",
  ])("%s", async (name) => {
    const token = foreign[name];
    if (token === undefined) throw new Error(`no token was made for ${name}`);
    await refused(token);
    if (name !== "a key of another purpose") for (const of of PURPOSES) await refused(token, of);
  });
});
