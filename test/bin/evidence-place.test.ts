import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { evidencePlace } from "../../bin/commands/evidence-place.ts";
import { publicationText, publishedAt } from "../../lambdas/domain/evidence/published-keys.ts";
import { testKey } from "../evidence/support/archive.ts";

const root = mkdtempSync(join(tmpdir(), "countersign-keys-"));
const [published, stranger] = [testKey(), testKey()];
/** The same key, spelled so that its place sorts before its own. */
const SPELLED = Array.from({ length: 1000 }, (_, at) => `${at}\n${published.pem}`).find(
  (pem) => publishedAt(pem) < publishedAt(published.pem),
) as string;
const PUBLISHED_FROM = "2026-03-04T05:00:00.000Z";
const file = (name: string) => join(root, name);

beforeAll(() => {
  mkdirSync(file("vault/keys"), { recursive: true });
  const publish = (publicKey: string, validFrom: string, sign = published.sign) => {
    const entry = {
      keyId: "key/test",
      publicKey,
      validFrom,
      signature: sign(publicationText({ publicKey, validFrom })),
    };
    writeFileSync(file(`vault/${publishedAt(publicKey)}`), gzipSync(JSON.stringify(entry)));
    return entry;
  };
  const entry = publish(published.pem, PUBLISHED_FROM);
  publish(SPELLED, "2099-01-01T00:00:00.000Z");
  // By who may write to the vault, and cannot sign.
  publish(stranger.pem, "2099-01-01T00:00:00.000Z");
  publish("no PEM", PUBLISHED_FROM);
  const other = testKey("secp384r1");
  publish(other.pem, PUBLISHED_FROM, other.sign);
  for (const [name, text] of [
    ["aa", "null"],
    ["bb", '{"publicKey":7,"validFrom":null}'],
    ["cc", "["],
  ] as const)
    writeFileSync(file(`vault/keys/${name}.json.gz`), gzipSync(text));
  writeFileSync(file("vault/keys/dd.json.gz"), "half a download");
  // Of the same key in another place: whoever wrote it was not the digester.
  const planted = { ...entry, validFrom: "2020-01-01T00:00:00.000Z" };
  writeFileSync(file("vault/keys/00.json.gz"), gzipSync(JSON.stringify(planted)));
  writeFileSync(file("published.pem"), published.pem);
  writeFileSync(file("stranger.pem"), stranger.pem);
});
afterAll(() => rmSync(root, { recursive: true }));

const NAMED = "2026-05-01T00:00:00Z";
test.each<[string, string[], (string | undefined)[]]>([
  ["none is named: what the vault says of its own", [], [PUBLISHED_FROM]],
  ["a key is named without a time: what the vault says of that key", ["published.pem"], [PUBLISHED_FROM]],
  ["a key is named with a time: that time", [`published.pem@${NAMED}`], ["2026-05-01T00:00:00.000Z"]],
  ["the vault has no word of the key's own: nobody", ["stranger.pem"], [undefined]],
])("who says from when on a key may sign, when %s", async (_, names, expected) => {
  const place = { environment: {}, maskedVault: "", url: "" };
  const key = names.map(file);
  const { keys, validFrom } = await evidencePlace(place, { folder: file("vault"), ...(key.length > 0 ? { key } : {}) });
  const times = keys.map((one) => validFrom.get(one));
  expect(times.map((time) => (time === undefined ? undefined : new Date(time).toISOString()))).toEqual(expected);
});
