import { environmentSigner } from "./aws/environment-signer.ts";
import { ledgerTable } from "./aws/ledger-table.ts";
import type { RecordEntry } from "./domain/evidence/record.ts";
import type { Signer } from "./domain/evidence/signing.ts";
import { createWriter, type Writer } from "./domain/evidence/writer.ts";
import type { Environment } from "./environment.ts";
import { METRIC } from "./metric-names.ts";
import { operatorFailures } from "./operator-failures.ts";
import { reached } from "./reached.ts";

export interface LedgerWriterOptions {
  /** The function that writes. */
  readonly component: string;
  /** Days that a record stays in the table. */
  readonly hotDays: number;
  /** A fresh ULID. */
  readonly newId: (time: number) => string;
  /** @default a key pair of this environment's own */
  readonly signer?: Signer;
  /** Milliseconds since the epoch. @default the clock */
  readonly now?: () => number;
}

/**
 * The writer of a function, on its environment's ledger. What keeps a record from being written is told to operators here
 * (AU-5), so that no place that appends can forget it.
 */
export function ledgerWriter(
  environment: Environment,
  {
    component,
    hotDays,
    newId,
    signer = environmentSigner(environment, component),
    now = Date.now,
  }: LedgerWriterOptions,
): Writer {
  const tell = operatorFailures(component);
  const attested = () => reached("KMS does not vouch for the key that signs records", signer.attested());
  const ledger = ledgerTable(environment, hotDays);
  const writer = createWriter({ ledger, component, signer: { ...signer, attested }, now, newId });
  return {
    async append(entry, ...more) {
      try {
        return await writer.append(entry, ...more);
      } catch (error) {
        tell(METRIC.notRecorded, "a record could not be written", error, aboutOf(entry));
        throw error;
      }
    },
  };
}

/** What the line in the log says of the record that is missing: enough to find whose it was. */
const aboutOf = ({ type, session, call, source }: RecordEntry) => ({
  type,
  session,
  call,
  requestId: source?.requestId,
});
