import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { App, Validations } from "aws-cdk-lib";
import { BUNDLING_STACKS } from "aws-cdk-lib/cx-api";
import { buildSettings } from "./config/settings.ts";
import { EvidenceStack } from "./evidence-stack.ts";
import { GatewayStack } from "./gateway-stack.ts";
import { rulePacks } from "./rule-packs.ts";

/** Beside the templates: the settings that the functions are given. */
export const SETTINGS_FILE = "settings.json";

export interface AppOptions {
  /** Path of `gateway.yaml`; the context `config` decides when it is left out. */
  readonly configFile?: string;
  readonly outdir?: string;
  /** False where the functions run from source: nothing is bundled then. */
  readonly bundling: boolean;
  /** False leaves out the rule packs and CDK's own look at the templates: they judge what is deployed, not a laptop. @default true */
  readonly checks?: boolean;
  /** Overrides of the context in `cdk.json`. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/**
 * Builds the app with both stacks and the rule packs that check every synth.
 * @throws ConfigError when a file of the adopter is wrong
 */
export function createApp({ configFile, outdir, bundling, checks = true, context }: AppOptions): App {
  const cdkJson = JSON.parse(readFileSync(fileURLToPath(new URL("../cdk.json", import.meta.url)), "utf8")) as {
    context: Record<string, unknown>;
  };
  const app = new App({
    builtinCloudFormationValidation: checks,
    ...(outdir === undefined ? {} : { outdir }),
    context: { ...cdkJson.context, ...(bundling ? {} : { [BUNDLING_STACKS]: [] }), ...context },
  });
  const file = configFile ?? String(app.node.tryGetContext("config"));
  const settings = buildSettings(file);
  // Each bundle gets a copy; the bundling hooks run elsewhere and need the whole path.
  const settingsFile = resolve(app.outdir, SETTINGS_FILE);
  writeFileSync(settingsFile, JSON.stringify(settings));
  if (checks) Validations.of(app).addPlugins(...rulePacks(app));

  const evidence = new EvidenceStack(app, "CountersignEvidence", {
    settings,
    description: "Countersign: ledger, vaults, keys and audit lake",
  });
  new GatewayStack(app, "CountersignGateway", {
    settings,
    settingsFile,
    evidence,
    description: "Countersign: API, functions and approval flow",
  });
  return app;
}
