import { writeFileSync } from "node:fs";
import { kindsTable } from "./kinds-table.ts";
import { measure, type Quality, shortfalls, type Totals, totals } from "./measure.ts";
import { measureOutsider } from "./outsider.ts";

/** `npm run quality:masking`: recall and precision of masking on our own labelled corpus, by kind; `--json`, `--verbose`. */
const options = new Set(process.argv.slice(2));
const percent = (share: number) => `${(share * 100).toFixed(1)} %`.padStart(8);
const line = (name: string, { positives, found, falsePositives, recall, precision }: Totals) =>
  `${name.padEnd(30)}${String(positives).padStart(10)}${String(found).padStart(7)}${percent(recall)}${String(falsePositives).padStart(16)}${percent(precision)}`;

function print({ part, rows, negatives, missed, wrong }: Quality): void {
  console.log(`\n${part}: ${totals(rows).positives} positives, ${negatives} harmless texts`);
  console.log(`${"kind".padEnd(30)} positives  found  recall false positives precision`);
  for (const row of rows) console.log(line(row.kind, totals([row])));
  console.log("-".repeat(79));
  for (const family of ["credential", "personal"] as const)
    console.log(line(`all of ${family}`, totals(rows.filter((row) => row.family === family))));
  console.log(line("all", totals(rows)));
  if (options.has("--verbose"))
    for (const each of [...missed.map((m) => `missed ${m}`), ...wrong.map((w) => `wrong  ${w}`)]) console.log(each);
}

if (options.has("--write-kinds")) writeFileSync("docs/masking-kinds.md", kindsTable());
else {
  const measured = [measure("dev"), measure("held-out"), measureOutsider()];
  const short = measured.flatMap(shortfalls);
  if (options.has("--json")) console.log(JSON.stringify({ measured, shortfalls: short }, null, 2));
  else {
    measured.forEach(print);
    console.log(short.length === 0 ? "\nall targets reached" : `\n${short.join("\n")}`);
  }
  process.exitCode = short.length === 0 ? 0 : 1;
}
