import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sha256Hex } from "../../lambdas/domain/json/canonical.ts";
import { loadAuthorities } from "./authorities.ts";
import { loadConfig } from "./load.ts";
import { type MaskingConfig, parseMasking } from "./masking.ts";
import { withOwnMasks } from "./own-masks.ts";
import { loadPins, type PinsConfig } from "./pins.ts";
import { loadPolicies, type PolicyBundle } from "./policies.ts";
import { parseRisks, type RisksConfig } from "./risks.ts";
import type { Config } from "./schema.ts";
import { checkServerNames } from "./server-names.ts";

/** Everything an adopter edits, validated, as the functions read it: plain JSON. */
export interface Settings {
  readonly config: Config;
  readonly policy: PolicyBundle;
  readonly risks: RisksConfig;
  readonly masking: MaskingConfig;
  /** Null where every server's tools are trusted on first use. */
  readonly pins: PinsConfig | null;
  /** PEM text of the private certificate authorities that are named by a file, by server. */
  readonly authorities: Readonly<Record<string, string>>;
  /** SHA-256 (hex) of what decided and masked; they stand in the records. */
  readonly digests: { readonly policy: string; readonly risks: string; readonly masking: string };
}

/**
 * Reads and validates the configuration and the files beside it: `policies/`, `risks.yaml`, `masking.yaml`, `pins.json`.
 *
 * @param configFile path of `gateway.yaml`
 * @throws ConfigError that says file, line, path, what was found and what is allowed
 */
export function buildSettings(configFile: string): Settings {
  const folder = dirname(configFile);
  const config = loadConfig(configFile);
  const servers = config.servers.map(({ name }) => name);
  const policy = loadPolicies(
    join(folder, "policies"),
    config.approverGroups.map((group) => group.name),
    { groups: config.groups, servers },
  );
  const masking = parseMasking(readFileSync(join(folder, "masking.yaml"), "utf8"), join(folder, "masking.yaml"));
  const catalogue = parseRisks(readFileSync(join(folder, "risks.yaml"), "utf8"), join(folder, "risks.yaml"));
  const risks = withOwnMasks(catalogue, masking);
  const pins = loadPins(join(folder, "pins.json"));
  checkServerNames({ pins, risks: catalogue, masking }, folder, servers);
  return {
    config,
    policy,
    risks,
    masking,
    pins,
    authorities: loadAuthorities(config.servers, { folder, configFile, now: Date.now() }),
    digests: { policy: policy.digest, risks: digestOf(risks), masking: digestOf(masking) },
  };
}

const digestOf = (value: unknown) => sha256Hex(JSON.stringify(value));
