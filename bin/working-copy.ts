import { type PolicyEngine, policyEngine } from "../lambdas/domain/policy/engine.ts";
import { type CompiledRisks, compileRisks } from "../lambdas/domain/risk/index.ts";
import { buildSettings, type Settings } from "../lib/config/settings.ts";

/** The rules of the working copy, as the gateway would decide by them. */
export interface WorkingCopy {
  readonly settings: Settings;
  readonly engine: PolicyEngine;
  readonly risks: CompiledRisks;
}

/** @throws ConfigError with file, line and cause when the working copy would not deploy */
export function workingCopy(config: string): WorkingCopy {
  const settings = buildSettings(config);
  return { settings, engine: policyEngine(settings.policy), risks: compileRisks(settings.risks) };
}
