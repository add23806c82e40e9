import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { evidencePlace } from "../../bin/commands/evidence-place.ts";
import { prove } from "../../bin/commands/prove.ts";
import { verify } from "../../bin/commands/verify.ts";
import { vault } from "../../lambdas/aws/vault.ts";
import { HOUR } from "../../lambdas/domain/evidence/digest.ts";
import type { LocalStack } from "../../local/stack.ts";
import type { DemoStep } from "../stage.ts";

export const proof: DemoStep = {
  title:
    "A signed digest seals the archive; verify says ok, names one changed byte, and a script without our code checks a proof",
  async play({ stack, say }) {
    await stack.drain();
    // The hour is not over: an hour ahead of its time the digester seals what there is.
    await stack.digest(new Date(Date.now() + HOUR - 1000).toISOString());
    const { sealed } = stack.vaults;
    const verdict = await verify(stack.place, { sealedVault: sealed, until: new Date().toISOString() });
    assert.ok(verdict.ok, verdict.text);
    say(verdict.text.split("\n").find((line) => line.startsWith("Covers")) ?? "");

    const folder = mkdtempSync(join(tmpdir(), "countersign-demo-"));
    try {
      const [keyFile, transcripts] = await copyOf(stack, folder);
      const offline = { folder: join(folder, "masked"), key: [keyFile] };
      assert.ok((await verify(stack.place, offline)).ok, "the copy is as it was signed");
      const [victim] = transcripts;
      assert.ok(victim);
      const file = join(folder, "masked", victim);
      const bytes = readFileSync(file);
      const changed = Buffer.from(bytes);
      changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1;
      writeFileSync(file, changed);
      const after = await verify(stack.place, offline);
      writeFileSync(file, bytes);
      assert.ok(!after.ok && after.text.includes(`ALTERED  ${victim}`), after.text);
      say(after.text.split("\n").find((line) => line.startsWith("ALTERED")) ?? "");

      const [, id = ""] = /\/([0-9A-Z]{26})-/.exec(victim) ?? [];
      const proofFile = join(folder, "proof.json");
      writeFileSync(proofFile, JSON.stringify(await prove(stack.place, id, offline)));
      say(execFileSync(process.execPath, ["docs/check-proof.mjs", proofFile, keyFile], { encoding: "utf8" }).trim());
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/** Copies the masked vault, as `aws s3 sync` does, and the key that auditors were given. */
async function copyOf({ place, vaults }: LocalStack, folder: string): Promise<[string, string[]]> {
  const masked = vault(place.environment, vaults.masked);
  const keys = await masked.list("");
  for (const key of keys) {
    const file = join(folder, "masked", key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, (await masked.read(key)) ?? "");
  }
  const { pems } = await evidencePlace(place, {});
  const keyFile = join(folder, "key.pem");
  writeFileSync(keyFile, pems[0] ?? "");
  return [keyFile, keys.filter((key) => key.startsWith("transcripts/"))];
}
