import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InclusionProof } from "../../lambdas/domain/evidence/proof.ts";
import { makeArchive, testKey } from "./support/archive.ts";

const folder = mkdtempSync(join(tmpdir(), "countersign-proof-"));
const vault = join(folder, "masked");
const keyFile = join(folder, "key.pem");
const archive = await makeArchive();
beforeAll(() => {
  for (const [key, bytes] of archive.masked) {
    mkdirSync(dirname(join(vault, key)), { recursive: true });
    writeFileSync(join(vault, key), bytes);
  }
  writeFileSync(keyFile, archive.key.pem);
});
afterAll(() => rmSync(folder, { recursive: true }));

const countersign = (...args: string[]) =>
  spawnSync(process.execPath, ["bin/cli.ts", ...args], { encoding: "utf8", env: { PATH: process.env.PATH } });
const proofOf = (id: string) =>
  execFileSync(process.execPath, ["bin/cli.ts", "prove", id, "--folder", vault, "--key", keyFile]);

/** Runs the script of docs/ on a proof. */
function checked(proof: string, key = keyFile) {
  const file = join(folder, "proof.json");
  writeFileSync(file, proof);
  return spawnSync(process.execPath, ["docs/check-proof.mjs", file, key], { encoding: "utf8" });
}

describe("a proof that a record was archived", () => {
  const id = archive.recordIds[30] ?? "";

  test("is checked by a script of at most fifty lines that imports nothing of ours", () => {
    const script = readFileSync("docs/check-proof.mjs", "utf8");
    expect(script.trimEnd().split("\n").length).toBeLessThanOrEqual(50);
    expect([...script.matchAll(/from "([^"]+)"/g)].map(([, name]) => name)).toEqual(["node:crypto", "node:fs"]);
    const { stdout, status } = checked(proofOf(id).toString());
    expect(stdout).toMatch(new RegExp(`^ok: the record ${id} was archived`));
    expect(status).toBe(0);
  });

  test("fails for that script once anything in it is changed, or under another key", () => {
    const proof = JSON.parse(proofOf(id).toString()) as InclusionProof;
    const { record, inObject, object, inDigest, signed } = proof;
    const flipped = (hex: string) => `${hex.startsWith("0") ? "1" : "0"}${hex.slice(1)}`;
    const changes: Record<string, Partial<InclusionProof>> = {
      record: { record: record.replace('"received"', '"recieved"') },
      index: { inObject: { ...inObject, index: (inObject.index + 1) % inObject.size } },
      size: { inObject: { ...inObject, size: inObject.size + 1 } },
      path: { inObject: { ...inObject, path: inObject.path.map(flipped) } },
      "short path": { inObject: { ...inObject, path: inObject.path.slice(1) } },
      object: { object: { ...object, key: `${object.key}x` } },
      root: { object: { ...object, root: flipped(object.root) } },
      "digest's path": { inDigest: { ...inDigest, path: inDigest.path.map(flipped) } },
      digest: { signed: { ...signed, digest: { ...signed.digest, writtenAt: "2020-01-01T00:00:00.000Z" } } },
      signature: { signed: { ...signed, signature: testKey().sign("something else") } },
    };
    for (const [what, change] of Object.entries(changes)) {
      const { status, stderr } = checked(JSON.stringify({ ...proof, ...change }));
      expect([what, status, stderr]).toEqual([what, 1, expect.stringMatching(/^NOT PROVEN: /)]);
    }
    const stranger = join(folder, "stranger.pem");
    writeFileSync(stranger, testKey().pem);
    expect(checked(JSON.stringify(proof), stranger).stderr).toContain("the key did not sign this digest");
  }, 30_000);

  test("is not made for a record that the archive does not hold", () => {
    const { status, stderr } = countersign("prove", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "--folder", vault, "--key", keyFile);
    expect([status, stderr]).toEqual([1, expect.stringContaining("holds no record 01ARZ3NDEKTSV4RRFFQ69G5FAV")]);
  });
});

describe("countersign verify, offline", () => {
  const until = new Date(archive.until).toISOString();

  test("says ok of a folder, what it covers and what it cannot prove; exit code 0", () => {
    const { status, stdout } = countersign("verify", "--folder", vault, "--key", keyFile, "--until", until);
    expect(stdout).toMatch(/records +\d+ +0 +0 +0 +0 +0 +0/);
    expect(stdout).toContain("Covers the hours from 2026-03-04T05:00:00.000Z to the end of 2026-03-04T08:00:00.000Z");
    expect(stdout).toMatch(/It cannot prove:[\s\S]*the sealed vault[\s\S]*\nok: /);
    expect(status).toBe(0);
  });

  test("names a byte that was changed; exit code 1, and the same as JSON", () => {
    const [victim = ""] = [...archive.masked.keys()].filter((key) => key.startsWith("transcripts/"));
    const bytes = Buffer.from(archive.masked.get(victim) ?? "");
    bytes[bytes.length - 9] = (bytes.at(-9) ?? 0) ^ 1;
    writeFileSync(join(vault, victim), bytes);
    const said = countersign("verify", "--folder", vault, "--key", keyFile);
    const json = countersign("verify", "--folder", vault, "--key", keyFile, "--json");
    writeFileSync(join(vault, victim), archive.masked.get(victim) ?? "");
    expect(said.stdout).toContain(`ALTERED  ${victim}`);
    expect(said.stdout).toMatch(/NOT OK\n$/);
    expect([said.status, json.status]).toEqual([1, 1]);
    expect(JSON.parse(json.stdout).findings).toContainEqual(
      expect.objectContaining({ outcome: "altered", what: victim }),
    );
  });

  test.each([
    ["a folder that is not there", ["--folder", "/nowhere", "--key", keyFile], "/nowhere is no folder"],
    ["a key that is not there", ["--folder", vault, "--key", "/nowhere.pem"], "the key file /nowhere.pem is not there"],
    ["no key at all", ["--folder", vault], "no public key: name the file with --key"],
    ["a file that is no key", ["--folder", vault, "--key", "package.json"], "a public key must be PEM"],
    ["a time that is none", ["--folder", vault, "--key", keyFile, "--until", "soon"], "--until soon is no time"],
  ])("says plainly what is wrong with %s", (_, args, words) => {
    const { status, stderr } = countersign("verify", ...args);
    expect([status, stderr]).toEqual([1, expect.stringContaining(words)]);
  });
});
