import middy from "@middy/core";
import { manifest } from "../aws/manifest.ts";
import { formerSigningKeys, signingKey } from "../aws/signing-key.ts";
import { vault } from "../aws/vault.ts";
import { vaultSource } from "../aws/vault-source.ts";
import { hourFolder, partitionOf } from "../domain/evidence/archive-object.ts";
import { HOUR, hourOf } from "../domain/evidence/digest.ts";
import { DIGESTS } from "../domain/evidence/prefixes.ts";
import type { Finding } from "../domain/evidence/verify/outcome.ts";
import { verifyEvidence } from "../domain/evidence/verify/verify.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { METRIC } from "../metric-names.ts";
import { operatorLog } from "../operator-log.ts";
import { operatorGauge, operatorMetrics } from "../operator-metrics.ts";
import { dueHours } from "./due.ts";
import { publishKey } from "./publish-key.ts";
import { sealHour } from "./seal-hour.ts";
import { trustedKeys } from "./trusted-keys.ts";

/** EventBridge's event, as far as it is read. */
export interface Tick {
  /** RFC 3339: when the schedule meant it; @default now */
  readonly time?: string;
}

/** What a run did, for who invokes it by hand. */
export interface Sealed {
  /** Hours that were sealed. */
  readonly hours: number;
  /** What the check of those hours found. */
  readonly findings: readonly Finding[];
}

/** Milliseconds that a tick may be ahead of this clock: an hour may be sealed before its end, but no hour of tomorrow. */
const AHEAD = HOUR;

/**
 * Runs hourly: seals every hour that ended and has no digest, and then checks the hours just sealed as an auditor would, or
 * the last one where somebody was faster. Run twice, at once or late, it writes the same chain.
 */
export function createDigester(environment: Environment, now: () => number = Date.now) {
  const masked = vault(environment, requireEnv(environment, ENV.maskedVault));
  const sealed = vault(environment, requireEnv(environment, ENV.sealedVault));
  const key = signingKey(environment);
  const sealing = { vault: masked, sealed, manifest: manifest(environment), key, now };
  const signers = [...formerSigningKeys(environment), key];
  const log = operatorLog("digester");
  const count = operatorMetrics("digester");
  const gauge = operatorGauge("digester");

  return middy<Tick, Sealed>().handler(async ({ time }) => {
    const at = time === undefined ? now() : Date.parse(time);
    if (!(at <= now() + AHEAD)) throw new Error(`the tick ${time} is not of this time`);
    const { last, due } = await dueHours(masked, at);
    await publishKey(masked, key, due[0] ?? hourOf(at));
    const trust = await trustedKeys(signers, masked);
    for (const hour of due) {
      await sealHour(hour, hour === due[0] ? last : hour - HOUR, { ...sealing, trust });
      count(METRIC.digestsWritten);
    }
    // With the hour before, so that what arrived late in its writers' chains is there.
    const hours = last === undefined ? due : [last, ...due];
    const newest = hours.at(-1) ?? hourOf(at);
    gauge(METRIC.digestAge, Math.max(0, Math.round((at - newest - HOUR) / 1000)), "Seconds");
    const verdict = await verifyEvidence({
      masked: vaultSource(
        masked,
        hours.flatMap((hour) => [`${DIGESTS}${hourFolder(hour)}`, partitionOf(hour)]),
      ),
      sealed: vaultSource(sealed, []),
      ...trust,
      from: last ?? null,
      until: newest + HOUR,
    });
    const findings = verdict.findings.slice(0, 20);
    if (!verdict.ok) {
      count(METRIC.evidenceAltered);
      log.error("the vaults do not hold what was signed", { findings });
    }
    return { hours: due.length, findings };
  });
}
