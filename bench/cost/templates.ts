import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../../lib/app.ts";
import type { Template } from "../../local/template.ts";

/** Both stacks of the shipped configuration, as they would be deployed. */
export function shippedTemplates(): Template[] {
  const outdir = mkdtempSync(join(tmpdir(), "countersign-cost-"));
  try {
    const assembly = createApp({ configFile: "config/gateway.yaml", outdir, bundling: false, checks: false }).synth();
    return ["CountersignEvidence", "CountersignGateway"].map(
      (name) => assembly.getStackByName(name).template as Template,
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
