import { createHmac, hkdfSync } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { accessTable } from "../aws/access-table.ts";
import { approvalsTable } from "../aws/approvals-table.ts";
import { approversOf } from "../aws/approvers.ts";
import { bodyStore } from "../aws/body-store.ts";
import { environmentSigner } from "../aws/environment-signer.ts";
import { contentKeys } from "../aws/forensic-key.ts";
import { grantsTable } from "../aws/grants-table.ts";
import { heldPlaces } from "../aws/held-places.ts";
import { pinsTable } from "../aws/pins-table.ts";
import { secretsManager } from "../aws/secrets.ts";
import { compileMasking } from "../domain/masking/index.ts";
import { policyEngine } from "../domain/policy/engine.ts";
import { compileRisks } from "../domain/risk/index.ts";
import { createSeals } from "../domain/seal/seal.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { ledgerWriter } from "../ledger-writer.ts";
import { METRIC } from "../metric-names.ts";
import { newIds } from "../new-ids.ts";
import { operatorFailures } from "../operator-failures.ts";
import { operatorLog } from "../operator-log.ts";
import { operatorMetrics, serverTimes } from "../operator-metrics.ts";
import { reached } from "../reached.ts";
import { loadSettings } from "../settings.ts";
import { serverCredentials } from "../upstream/credentials/server-credentials.ts";
import { httpUpstream } from "../upstream/http-upstream.ts";
import { mayCallItself } from "../upstream/may-call-itself.ts";
import type { House } from "./house.ts";
import { pinsOf } from "./pins.ts";

/** Makes what an environment of the gateway needs: parsed rules, clients, one writer. */
export function furnish(environment: Environment): House {
  const settings = loadSettings(environment);
  const { identity, limits, retention, servers } = settings.config;
  const secrets = secretsManager(environment);
  const sealSecret = requireEnv(environment, ENV.sealSecret);
  const ownSecret = () =>
    reached("the gateway's own secret cannot be read from Secrets Manager", secrets.versions(sealSecret));
  const contentKey = contentKeys(environment);
  const masking = new Map(servers.map(({ name }) => [name, compileMasking(settings.masking, name)]));
  const newId = newIds();
  const now = Date.now;
  const component = requireEnv(environment, ENV.service);
  const signer = environmentSigner(environment, component);
  // Asked for at once: the first call waits for what is left of it. A failure is met by the lane that needs it.
  signer.attested().catch(() => undefined);
  return {
    settings,
    engine: policyEngine(settings.policy),
    risks: compileRisks(settings.risks),
    masking: (server) => masking.get(server) ?? compileMasking(settings.masking),
    writer: ledgerWriter(environment, { component, hotDays: retention.hotDays, newId, signer, now }),
    access: accessTable(environment),
    places: heldPlaces(environment),
    approvals: approvalsTable(environment),
    grants: grantsTable(environment),
    pins: pinsOf(pinsTable(environment), settings.pins, now),
    approversOf: approversOf(environment),
    upstream: httpUpstream({
      servers,
      secret: secrets.current,
      credentials: serverCredentials({ servers, issuers: identity.issuers, secrets, environment }),
      timeout: limits.upstreamTimeout,
      largest: limits.responseBytes,
      authorities: settings.authorities,
      loopback: mayCallItself(environment),
    }),
    bodies: bodyStore(environment),
    contentKey: () => reached("KMS gives no key to seal originals with", contentKey()),
    seals: whileSame(ownSecret, (texts) => createSeals(texts, now)),
    keyedHash: whileSame(ownSecret, ([secret = ""]) => keyedHash(secret)),
    log: operatorLog(component),
    tell: operatorFailures(component),
    count: operatorMetrics(component),
    took: serverTimes(METRIC.serverTime),
    now,
    newId,
    sleep: (milliseconds) => sleep(milliseconds),
  };
}

/** A tag tells equal secrets from different ones, and nothing to who lacks the key. */
function keyedHash(secret: string): (value: string) => string {
  const key = Buffer.from(hkdfSync("sha256", secret, "countersign", "finding", 32));
  return (value) => createHmac("sha256", key).update(value).digest("hex").slice(0, 16);
}

/** Keeps what is derived from secrets until they rotate: deriving costs more than using. */
function whileSame<T>(read: () => Promise<readonly string[]>, make: (texts: readonly string[]) => T): () => Promise<T> {
  let kept: { readonly texts: readonly string[]; readonly made: T } | undefined;
  return async () => {
    const texts = await read();
    if (kept?.texts.join("\n") !== texts.join("\n")) kept = { texts, made: make(texts) };
    return kept.made;
  };
}
