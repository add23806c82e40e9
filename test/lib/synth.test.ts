import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
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

/** How a bundle imports what it cannot hold, and what then lies beside it. */
const PARSERS = {
  "@cedar-policy/cedar-wasm": /(?:from|import)\s*\(?"@cedar-policy\/cedar-wasm\/nodejs"/,
  "libpg-query": /(?:from|import)\s*\(?"libpg-query"/,
};

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

  test("holds bundles with handler and settings, and the parsers that they import and no others, which Node can load", async () => {
    const bundles = readdirSync(folder).filter((name) => existsSync(join(folder, name, "index.mjs")));
    expect(bundles.length).toBeGreaterThanOrEqual(7);
    const withParser = { "@cedar-policy/cedar-wasm": 0, "libpg-query": 0 };
    for (const name of bundles) {
      expect(existsSync(join(folder, name, "settings.json")), name).toBe(true);
      const code = readFileSync(join(folder, name, "index.mjs"), "utf8");
      for (const [parser, imports] of Object.entries(PARSERS)) {
        const beside = existsSync(join(folder, name, "node_modules", parser));
        expect(beside, `${name}: ${parser}`).toBe(imports.test(code));
        if (beside) withParser[parser as keyof typeof withParser] += 1;
      }
      // Only what a missing environment says may go wrong here: it means that every import was found.
      const script = `globalThis.awslambda={streamifyResponse:(f)=>f};import(${JSON.stringify(join(folder, name, "index.mjs"))}).then((m)=>console.log(typeof m.handler),(e)=>console.log(e.message))`;
      const { stdout } = await run(process.execPath, ["-e", script], { env: { PATH: process.env.PATH } });
      expect(stdout.trim()).toMatch(/^(function|The environment variable \w+ is not set)$/);
    }
    for (const [parser, count] of Object.entries(withParser)) {
      expect(count, parser).toBeGreaterThan(0);
      expect(count, parser).toBeLessThan(bundles.length);
    }
  }, 60_000);
});

test("cfn-lint finds nothing either with every option, such as people who come by SAML and a VPC that exists", async () => {
  const outdir = mkdtempSync(join(tmpdir(), "countersign-synth-"));
  createApp({ configFile: fullestConfigFile(), outdir, bundling: false }).synth();
  expect(await findingsOf(outdir)).toBe("");
}, 300_000);
