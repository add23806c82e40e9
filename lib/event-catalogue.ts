import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { EVENT_CATALOGUE } from "../lambdas/domain/evidence/event-catalogue.ts";
import { ACTIVITY } from "../lambdas/domain/evidence/ocsf/verdict.ts";
import type { RecordType } from "../lambdas/domain/evidence/record.ts";

/** Where the generated catalogue lies. */
export const EVENT_CATALOGUE_FILE = fileURLToPath(new URL("../docs/events.md", import.meta.url));

/** `docs/events.md`: what is recorded, why, for which control, and what a SIEM sees of it. */
export function eventCatalogue(): string {
  const types = Object.keys(EVENT_CATALOGUE) as RecordType[];
  const rows = types.map((type) => {
    const { what, why, controls } = EVENT_CATALOGUE[type];
    return `| \`${type}\` | ${what} | ${why} | ${controls.join(", ")} | ${ACTIVITY[type].name} |`;
  });
  const served = new Map<string, RecordType[]>();
  for (const type of types)
    for (const control of EVENT_CATALOGUE[type].controls) served.set(control, [...(served.get(control) ?? []), type]);
  const byControl = [...served]
    .sort(([one], [other]) => one.localeCompare(other, "en", { numeric: true }))
    .map(([control, by]) => `| ${control} | ${by.map((type) => `\`${type}\``).join(", ")} |`);
  return [
    "# Event catalogue",
    "",
    "Written by `npm run events` from `lambdas/domain/evidence/event-catalogue.ts`, which the types hold against the union of all record",
    "types. Controls are those of NIST SP 800-53 Rev 5 (catalog 5.1.1); a record is evidence for its control, and claims no more: policy,",
    "review and the organisation's own parts stay with the adopter.",
    "",
    `## ${types.length} types of record`,
    "",
    "| type | what happened | why it is recorded | controls | OCSF activity |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    "Every record holds the six elements of AU-3: what (`type`, `method`, `target`), when (`occurredAt`, `recordedAt`, UTC milliseconds), where",
    "(`component`, `server`), source (`source.ip`, `source.userAgent`, `session`), outcome (`outcome`, `reason`, `decision`), identity (`principal`).",
    "",
    "## By control",
    "",
    "| control | records |",
    "|---|---|",
    ...byControl,
    "",
  ].join("\n");
}

if (import.meta.main) writeFileSync(EVENT_CATALOGUE_FILE, eventCatalogue());
