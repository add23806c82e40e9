import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { buildSettings } from "../../lib/config/settings.ts";
import { synthesize } from "../lib/template.ts";

interface Parts {
  readonly identity?: { readonly issuers: readonly unknown[] };
  readonly servers?: readonly unknown[];
  readonly [key: string]: unknown;
}

/** Configuration in a guide: its blocks that begin by naming the file, without what they are indented by. */
function blocksOf(guide: string): Parts[] {
  const text = readFileSync(join("docs/guides", guide), "utf8");
  return [...text.matchAll(/^( *)```yaml\n( *# gateway\.yaml\n[^`]*)```/gm)].map(
    ([, indent = "", block = ""]) => parse(block.replaceAll(new RegExp(`^${indent}`, "gm"), "")) as Parts,
  );
}

/**
 * The shipped configuration with a guide's in it, and its policies; issuers and servers come beside those that are there, which
 * the shipped policies name.
 */
function configOf(guide: string): string {
  const folder = mkdtempSync(join(tmpdir(), "countersign-guide-"));
  cpSync("config", folder, { recursive: true });
  const file = join(folder, "gateway.yaml");
  const shipped = parse(readFileSync(file, "utf8")) as Parts;
  const blocks = blocksOf(guide);
  const config = {
    ...Object.assign({}, shipped, ...blocks),
    identity: { issuers: [shipped, ...blocks].flatMap(({ identity }) => identity?.issuers ?? []) },
    servers: [shipped, ...blocks].flatMap(({ servers }) => servers ?? []),
  };
  writeFileSync(file, stringify(config));
  const policies = [...readFileSync(join("docs/guides", guide), "utf8").matchAll(/^```cedar\n([^`]*)```/gm)];
  writeFileSync(join(folder, "policies", "guide.cedar"), policies.map(([, policy = ""]) => policy).join("\n"));
  return file;
}

const GUIDES = readdirSync("docs/guides").filter((name) => blocksOf(name).length > 0);

test("the guides for servers have configuration to try", () => {
  expect(GUIDES).toEqual(expect.arrayContaining(["ec2.md", "ecs-fargate.md", "kubernetes.md", "lambda.md"]));
});

describe("the configuration of the guide", () => {
  test.each(GUIDES)(
    "%s is valid and synthesizes, rule packs and all",
    (guide) => {
      const file = configOf(guide);
      expect(buildSettings(file).config.servers.length).toBeGreaterThan(0);
      expect(() => synthesize(file).app.synth()).not.toThrow();
    },
    120_000,
  );
});
