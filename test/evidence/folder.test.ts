import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { verify } from "../../bin/commands/verify.ts";
import { makeArchive, type Objects, testKey } from "./support/archive.ts";

const archive = await makeArchive({ hours: 2 });
const root = mkdtempSync(join(tmpdir(), "countersign-folder-"));
afterAll(() => rmSync(root, { recursive: true }));
const keyFile = join(root, "signing-key.pem");
writeFileSync(keyFile, archive.key.pem);

let count = 0;
/** A copy of the vault on disk, with changes, as `aws s3 sync` and whatever came after may have left it. */
function folderOf(change: (copy: Objects) => void = () => undefined): string {
  const copy: Objects = new Map(archive.masked);
  change(copy);
  count += 1;
  const folder = join(root, `copy-${count}`);
  for (const [key, bytes] of copy) {
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), bytes);
  }
  return folder;
}
const place = { environment: {}, maskedVault: undefined, url: "" };
const check = (folder: string, more: { readonly key?: readonly string[] } = { key: [keyFile] }) =>
  verify(place as never, { folder, ...more });
const [victim = ""] = [...archive.masked.keys()].filter((key) => key.startsWith("transcripts/")).sort();

describe("countersign verify, over a folder", () => {
  test("says ok of a copy", async () => {
    const { ok, text } = await check(folderOf());
    expect(ok).toBe(true);
    expect(text).toContain("ok: everything is as it was signed");
  });

  test("with foreign files in it, among the evidence and beside it, is ok and names them", async () => {
    const strangers = ["notes.txt", ".DS_Store", "transcripts/dt=2026-03-04/hh=05/index.html", "keys/readme.md"];
    const { ok, text } = await check(
      folderOf((copy) => {
        for (const name of strangers) copy.set(name, Buffer.from("mine"));
      }),
    );
    expect(ok).toBe(true);
    expect(text).toContain("4 files are no part of the evidence");
    for (const name of strangers) expect(text).toContain(name);
  });

  test("with half a download in it names the object, and why", async () => {
    const { ok, text } = await check(
      folderOf((copy) => copy.set(victim, copy.get(victim)?.subarray(0, 200) ?? Buffer.alloc(0))),
    );
    expect(ok).toBe(false);
    expect(text).toContain(`ALTERED  ${victim}: it cannot be unpacked: half a download, or changed`);
  });

  test("with a file that the download left under another name names the object that is missing", async () => {
    const { ok, text } = await check(
      folderOf((copy) => {
        copy.set(`${victim}.Ab12Cd34`, copy.get(victim)?.subarray(0, 200) ?? Buffer.alloc(0));
        copy.delete(victim);
      }),
    );
    expect(ok).toBe(false);
    expect(text).toContain(`MISSING  ${victim}: a digest lists it`);
  });

  test("with an empty file in a digest's place says that it cannot be read", async () => {
    const [digest = ""] = [...archive.masked.keys()].filter((key) => key.endsWith("/digest.json.gz")).sort();
    const { ok, text } = await check(folderOf((copy) => copy.set(digest, Buffer.alloc(0))));
    expect(ok).toBe(false);
    expect(text).toContain(`ALTERED  ${digest}: it cannot be read: half a download, or no digest`);
  });

  test.each<[string, readonly string[], RegExp]>([
    ["whose key file is not there", [join(root, "gone.pem")], /the key file .*gone\.pem is not there/],
    [
      "whose key file holds something else",
      [join(root, "copy-1", victim)],
      /a public key must be PEM, on the curve P-256/,
    ],
    ["that has no key anywhere", [], /no public key: name the file with --key/],
  ])("%s says what is missing", async (_, key, why) => {
    await expect(check(folderOf(), { key })).rejects.toThrow(why);
  });

  test("that is none says so", async () => {
    await expect(check(join(root, "nowhere"))).rejects.toThrow("nowhere is no folder");
  });

  test("under another key vouches for nothing", async () => {
    const other = join(root, "other.pem");
    writeFileSync(other, testKey().pem);
    const { ok, text } = await check(folderOf(), { key: [other] });
    expect(ok).toBe(false);
    expect(text).toContain("BAD-SIGNATURE");
  });
});
