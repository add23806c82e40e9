import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { App } from "aws-cdk-lib";
import { acknowledgedBelow } from "./acknowledge.ts";
import { createApp } from "./app.ts";
import { fullestConfigFile } from "./fullest-config.ts";

/** Where the generated list lies. */
export const ACKNOWLEDGEMENTS_FILE = fileURLToPath(new URL("../docs/acknowledgements.md", import.meta.url));

/** The configurations whose stacks are looked at: as shipped, and with every option that makes something of its own. */
export const LOOKED_AT = ["config/gateway.yaml", fullestConfigFile()] as const;

/** `docs/acknowledgements.md`: which rule is not followed, at which construct, and why. */
export function acknowledgements(apps: readonly App[]): string {
  const groups = new Map<
    string,
    { readonly rules: Set<string>; readonly paths: Set<string>; readonly reason: string }
  >();
  for (const { path, rule, reason } of apps.flatMap(acknowledgedBelow)) {
    const group = groups.get(reason) ?? { rules: new Set(), paths: new Set(), reason };
    group.rules.add(rule);
    group.paths.add(path);
    groups.set(reason, group);
  }
  const list = (texts: ReadonlySet<string>) =>
    [...texts]
      .sort()
      .map((text) => `\`${text}\``)
      .join("<br>");
  const rows = [...groups.values()]
    .map(({ rules, paths, reason }) => `| ${list(rules)} | ${list(paths)} | ${reason.replaceAll("|", "\\|")} |`)
    .sort();
  return [
    "# Acknowledged findings",
    "",
    "Written by `npm run acknowledgements` from the stacks of the shipped configuration, and of one with every option. The rule packs",
    "NIST SP 800-53 Rev 5, AwsSolutions and Serverless of cdk-nag judge every synth, and a finding that stands here is accepted at that",
    "construct alone; any other fails it. The guard rules of AWS Control Tower's proactive controls (`CT.…`) judge both in a test",
    "(`test/lib/control-tower.test.ts`), in the same way: those that this page names are accepted here, and an account that enforces",
    "them must exempt these stacks from them.",
    "",
    `## ${rows.length} reasons`,
    "",
    "| rule | accepted at | because |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

if (import.meta.main) {
  const outdir = mkdtempSync(join(tmpdir(), "countersign-acknowledgements-"));
  const apps = LOOKED_AT.map((configFile) => createApp({ configFile, bundling: false, outdir }));
  writeFileSync(ACKNOWLEDGEMENTS_FILE, acknowledgements(apps));
  rmSync(outdir, { recursive: true });
}
