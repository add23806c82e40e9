import { ASSUMED } from "./assumptions.ts";
import type { CallUse } from "./measure.ts";
import { PRICES, type PriceName } from "./prices.ts";

/** One line of a bill. */
export interface BillLine {
  readonly part: string;
  /** How many units a call needs, or a month. */
  readonly units: number;
  readonly price: PriceName;
  /** US dollars for a million calls, or for a month. */
  readonly usd: number;
}

const MILLION = 1_000_000;
const GIGABYTE = 1e9;

const line = (part: string, units: number, price: PriceName, times = MILLION): BillLine => ({
  part,
  units,
  price,
  usd: units * PRICES[price].usd * times,
});

/** Records that one run of a stream's consumer gets, and runs for a call, at so many calls a second. */
function runsPerCall(records: number, perSecond: number, window: number, batch: number): number {
  const inWindow = (records * perSecond * window) / ASSUMED.shards;
  return records / Math.min(batch, Math.max(1, inWindow));
}

/** Bytes of the lines that a call leaves in logs. */
const logBytesOf = (use: CallUse) => use.logBytes + use.logLines * ASSUMED.addedLogBytes + ASSUMED.accessLogBytes;

/** What a million calls cost in requests, part by part. */
export function requestCost(use: CallUse, perSecond: number): BillLine[] {
  const { memory, coreShare } = ASSUMED;
  const gatewayMs = ASSUMED.gatewayCpuMs / coreShare + 2 * ASSUMED.roundTripMs + ASSUMED.upstreamMs;
  const authorized = 1 / ASSUMED.callsPerToken;
  const archived = runsPerCall(use.records, perSecond, ASSUMED.archiverWindow, ASSUMED.archiverBatch);
  const exported = runsPerCall(use.records, perSecond, ASSUMED.exporterWindow, ASSUMED.exporterBatch);
  const runs = 1 + authorized + archived + exported;
  const seconds = (ms: number) => ms / 1000;
  return [
    line("API Gateway: the call", 1, "apiRequest"),
    line(
      "API Gateway: the answer to the internet",
      (use.answerBytes + ASSUMED.headerBytes) / GIGABYTE,
      "transferGigabyte",
    ),
    line("WAF: the call", 1, "firewallRequest"),
    line("Lambda: runs of gateway, authorizer, archiver, exporter", runs, "invocation"),
    line(`Lambda: gateway, ${gatewayMs.toFixed(1)} ms of 1 GB`, seconds(gatewayMs) * memory.gateway, "gigabyteSecond"),
    line(
      "Lambda: the others",
      seconds(ASSUMED.authorizerMs) * authorized * memory.authorizer +
        seconds(ASSUMED.consumerMs) * (archived * memory.archiver + exported * memory.exporter),
      "gigabyteSecond",
    ),
    line("DynamoDB: `call.received` and `call.completed`", use.writeUnits.ledger, "writeUnit"),
    line("DynamoDB: the principal's row", use.writeUnits.access, "writeUnit"),
    line("DynamoDB: the archive's manifest", archived * use.manifestUnits, "writeUnit"),
    line("S3: objects of both vaults", archived * 2, "objectPut"),
    line("S3: the digester and the reconciler read them", archived * ASSUMED.readsOfObject, "objectGet"),
    line("CloudTrail: those reads", archived * ASSUMED.readsOfObject, "readEvent"),
    line("EventBridge: events for a SIEM", use.eventUnits, "event"),
    line("CloudWatch: lines of logs", logBytesOf(use) / GIGABYTE, "logGigabyte"),
    line("X-Ray: traces", ASSUMED.traceShare, "trace"),
    line("KMS: bucket keys and the table's key", 2 * archived * 0.01, "keyRequest"),
  ];
}

/** What holding the evidence of a million calls costs each month. */
export function holdingCost(use: CallUse): BillLine[] {
  const share = ASSUMED.hotDays / 30;
  return [
    line("masked vault", use.maskedBytes / GIGABYTE, "objectGigabyte"),
    line("sealed vault", use.sealedBytes / GIGABYTE, "objectGigabyte"),
    line("logs, for a year", (logBytesOf(use) * 0.15) / GIGABYTE, "logHeldGigabyte"),
    line(`ledger, ${ASSUMED.hotDays} days (once)`, (use.ledgerBytes * share) / GIGABYTE, "tableGigabyte"),
    line("ledger's point-in-time recovery (once)", (use.ledgerBytes * share) / GIGABYTE, "backupGigabyte"),
  ];
}

export const total = (lines: readonly BillLine[]): number => lines.reduce((sum, { usd }) => sum + usd, 0);
