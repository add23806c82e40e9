import { KINDS, OUTCOMES } from "../../lambdas/domain/evidence/verify/outcome.ts";
import { type Verdict, verifyEvidence } from "../../lambdas/domain/evidence/verify/verify.ts";
import type { Place } from "../place.ts";
import { table } from "../table.ts";
import { printedJson } from "../visible.ts";
import { type EvidenceOptions, evidencePlace } from "./evidence-place.ts";

export interface VerifyCommand extends EvidenceOptions {
  /** RFC 3339. */
  readonly from?: string;
  readonly until?: string;
  readonly json?: boolean;
}

/** Findings that are printed; `--json` has more. */
const PRINTED = 50;

/**
 * Checks the vaults, or copies of them, against the signed digests.
 * @param draw hears of the progress
 */
export async function verify(
  place: Place,
  options: VerifyCommand,
  draw?: (done: number, total: number) => void,
): Promise<{ readonly text: string; readonly ok: boolean }> {
  const { masked, sealed, keys, validFrom, keysFromElsewhere } = await evidencePlace(place, options);
  const [from, until] = [timeOf("--from", options.from), timeOf("--until", options.until)];
  const verdict = await verifyEvidence({
    masked,
    sealed,
    keys,
    validFrom,
    from,
    until,
    ...(draw ? { progress: draw } : {}),
  });
  const unsaid = keys.some((key) => !validFrom.has(key));
  const limits = unsaid
    ? ["from which hour on each key may sign: neither --key <file>@<time> nor the vault says", ...verdict.cannotProve]
    : verdict.cannotProve;
  const cannotProve = keysFromElsewhere
    ? limits
    : ["that the key is the right one: it was taken from the vault itself, give --key", ...limits];
  const said = { ...verdict, cannotProve };
  return { text: options.json ? printedJson(said) : tell(said), ok: verdict.ok };
}

function timeOf(option: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  const time = Date.parse(value);
  if (Number.isNaN(time)) throw new Error(`${option} ${value} is no time; write it like 2026-11-21T10:00:00Z`);
  return time;
}

function tell({ ok, counts, findings, covers, notYetSealed, foreign, cannotProve }: Verdict): string {
  const rows = KINDS.map((kind) => ({
    what: kind,
    ...Object.fromEntries(OUTCOMES.map((name) => [name, counts[kind][name]])),
  }));
  const more = findings.length > PRINTED ? [`… and ${findings.length - PRINTED} more (--json)`] : [];
  const span =
    covers.from === null ? "no digest that holds" : `the hours from ${covers.from} to the end of ${covers.until}`;
  return [
    table(rows),
    "",
    ...findings.slice(0, PRINTED).map(({ outcome, what, why }) => `${outcome.toUpperCase()}  ${what}: ${why}`),
    ...more,
    `Covers ${span}: ${covers.records} records of ${covers.writers} writers, ${covers.bothVaults ? "both vaults" : "the masked vault"}.`,
    ...(notYetSealed.length === 0
      ? []
      : [`${notYetSealed.length} objects wait for the next digest; their records' signatures were checked.`]),
    ...(foreign.length === 0
      ? []
      : [`${foreign.length} files are no part of the evidence: ${foreign.slice(0, 5).join(", ")}`]),
    "It cannot prove:",
    ...cannotProve.map((line) => `  - ${line}`),
    ok ? "ok: everything is as it was signed" : "NOT OK",
  ].join("\n");
}

/** A bar on a terminal, drawn over itself; nothing elsewhere. */
export function progressBar(stream: NodeJS.WriteStream): (done: number, total: number) => void {
  if (!stream.isTTY) return () => undefined;
  return (done, total) => {
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const filled = Math.round(share * 30);
    const end = share === 1 ? "\n" : "";
    stream.write(`\r[${"#".repeat(filled)}${".".repeat(30 - filled)}] ${done} of ${total} objects${end}`);
  };
}
