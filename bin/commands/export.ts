import { stringify } from "csv-stringify/sync";
import { hourFolder } from "../../lambdas/domain/evidence/archive-object.ts";
import { HOUR } from "../../lambdas/domain/evidence/digest.ts";
import { splitLine } from "../../lambdas/domain/evidence/line.ts";
import { ocsfEvent } from "../../lambdas/domain/evidence/ocsf.ts";
import { leafOf } from "../../lambdas/domain/evidence/quarantine.ts";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import { unpacked } from "../../lambdas/domain/evidence/verify/source.ts";
import { archivedObjects, maskedArchive, recordOf } from "../archive.ts";
import type { Place } from "../place.ts";
import { FORMATS, type Format } from "./export-formats.ts";

export interface ExportOptions {
  /** RFC 3339; records made then or later. */
  readonly from: string;
  /** RFC 3339; records made before. */
  readonly to: string;
  readonly format: string;
  /** A copy of the masked vault, instead of the vault itself. */
  readonly folder?: string;
}

/** How far the clock of a record's writer may have been behind when it arrived. */
const LATEST_ARRIVAL = 24 * HOUR;

/**
 * The records of the masked archive that were made in a time, each once, in the order in which they arrived there.
 *
 * @returns pieces of text: JSON Lines of OCSF events or of the records as they were hashed, or CSV
 * @throws Error when an option says nothing that can be done, or an object cannot be read
 */
export async function* exported(place: Place, options: ExportOptions): AsyncGenerator<string> {
  const format = FORMATS.find((known) => known === options.format);
  if (format === undefined) throw new Error(`--format ${options.format}: one of ${FORMATS.join(", ")}`);
  const from = timeOf("--from", options.from);
  const to = timeOf("--to", options.to);
  if (to <= from) throw new Error("--to must be later than --from");

  const seen = new Set<string>();
  // A record lies under the hour in which it arrived, by AWS's clock; its writer's may have been ahead.
  const hours = { from: hourOf(from - HOUR), until: hourOf(to + LATEST_ARRIVAL) };
  if (format === "csv") yield csvLine(Object.keys(CSV_COLUMNS));
  for await (const { key, bytes } of archivedObjects(maskedArchive(place, options.folder), hours)) {
    const text = typeof bytes === "string" ? bytes : unpacked(bytes)?.toString("utf8");
    if (text === undefined) throw new Error(`${key} cannot be unpacked; countersign verify tells more`);
    const pieces: string[] = [];
    for (const line of text.split("\n")) {
      if (line === "") continue;
      const split = splitLine(line);
      if (split === undefined) throw new Error(`a line of ${key} bears no signature; countersign verify tells more`);
      const record = recordOf(split.text);
      const at = Date.parse(record.recordedAt);
      if (at < from || at >= to || seen.has(record.id)) continue;
      seen.add(record.id);
      pieces.push(piece(format, record, split));
    }
    if (pieces.length > 0) yield pieces.join("");
  }
}

function piece(format: Format, record: LedgerRecord, { text, signature }: { text: string; signature: string }): string {
  switch (format) {
    case "ocsf":
      return `${JSON.stringify(ocsfEvent(record, { hash: leafOf(text, record), signature }))}\n`;
    case "jsonl":
      return `${text}\n`;
    case "csv":
      return csvLine(Object.values(CSV_COLUMNS).map((column) => column(record) ?? ""));
  }
}

/** What a spreadsheet shows of a record. */
const CSV_COLUMNS: Readonly<Record<string, (record: LedgerRecord) => string | number | undefined>> = {
  id: ({ id }) => id,
  type: ({ type }) => type,
  occurredAt: ({ occurredAt }) => occurredAt,
  recordedAt: ({ recordedAt }) => recordedAt,
  component: ({ component }) => component,
  session: ({ session }) => session,
  call: ({ call }) => call,
  server: ({ server }) => server,
  method: ({ method }) => method,
  target: ({ target }) => target,
  outcome: ({ outcome }) => outcome,
  reason: ({ reason }) => reason,
  principal: ({ principal }) => principal?.id,
  client: ({ principal }) => principal?.client,
  ip: ({ source }) => source?.ip,
  decision: ({ decision }) => decision?.kind,
  policies: ({ decision }) => decision?.policies.join(" "),
  risks: ({ risks }) => risks?.join(" "),
  approval: ({ approval }) => approval?.id,
  approvedBy: ({ approval }) => approval?.by ?? undefined,
  grant: ({ grant }) => grant?.id,
  breakGlass: ({ breakGlass }) => breakGlass,
  durationMs: ({ durationMs }) => durationMs,
  masked: ({ request, response }) => (request?.findingCount ?? 0) + (response?.findingCount ?? 0),
};

/** A cell that begins like a formula would run in a spreadsheet: callers choose names and reasons. */
const csvLine = (cells: readonly (string | number)[]) => stringify([cells], { escape_formulas: true });

/** `YYYY-MM-DDTHH`, as partitions are compared. */
const hourOf = (time: number) => hourFolder(time).replace(/^dt=(.*)\/hh=(\d\d)\/$/, "$1T$2");

function timeOf(option: string, value: string): number {
  const time = Date.parse(value);
  if (Number.isNaN(time)) throw new Error(`${option} ${value} is no time; write it like 2026-11-21T10:00:00Z`);
  return time;
}
