import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../lib/app.ts";
import { fullestConfigFile } from "../../lib/fullest-config.ts";
import { pythonWithMoto } from "../../local/moto.ts";

const run = promisify(execFile);
/** npm's own remarks about the machine's settings are not ours. */
const ours = (text: string) => text.split("\n").filter((line) => !line.startsWith("npm warn"));

/** What cfn-lint, which moto brings along, says of both templates in a folder. */
async function findingsOf(folder: string): Promise<string> {
  const templates = readdirSync(folder).filter((name) => name.endsWith(".template.json"));
  expect(templates).toHaveLength(2);
  const python = await pythonWithMoto();
  const files = templates.map((name) => join(folder, name));
  return (await run(python, ["-c", "from cfnlint.runner import main; main()", ...files])).stdout;
}

describe("what `npm run synth` makes, bundles and all", () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-synth-"));
  let said: string[];

  beforeAll(async () => {
    const { stdout, stderr } = await run("npx", ["cdk", "synth", "--quiet", "--output", folder]);
    said = ours(`${stdout}\n${stderr}`);
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test("comes without a warning", () => {
    expect(said.filter((line) => /warn|deprecat|error/i.test(line))).toEqual([]);
  });

  test("holds two templates that cfn-lint finds nothing in", async () => {
    expect(await findingsOf(folder)).toBe("");
  }, 120_000);

  test("holds bundles with handler, settings and Cedar beside each other, which Node can load", async () => {
    const bundles = readdirSync(folder).filter((name) => existsSync(join(folder, name, "index.mjs")));
    expect(bundles.length).toBeGreaterThanOrEqual(7);
    for (const name of bundles) {
      for (const part of ["settings.json", "node_modules/@cedar-policy/cedar-wasm/nodejs/cedar_wasm_bg.wasm"])
        expect(existsSync(join(folder, name, part)), `${name}/${part}`).toBe(true);
      // Only what a missing environment says may go wrong here: it means that every import was found.
      const script = `globalThis.awslambda={streamifyResponse:(f)=>f};import(${JSON.stringify(join(folder, name, "index.mjs"))}).then((m)=>console.log(typeof m.handler),(e)=>console.log(e.message))`;
      const { stdout } = await run(process.execPath, ["-e", script], { env: { PATH: process.env.PATH } });
      expect(stdout.trim()).toMatch(/^(function|The environment variable \w+ is not set)$/);
    }
  }, 60_000);
});

test("cfn-lint finds nothing either with every option, such as people who come by SAML and a VPC that exists", async () => {
  const outdir = mkdtempSync(join(tmpdir(), "countersign-synth-"));
  createApp({ configFile: fullestConfigFile(), outdir, bundling: false }).synth();
  expect(await findingsOf(outdir)).toBe("");
}, 300_000);
