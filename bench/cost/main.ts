import { readFileSync, writeFileSync } from "node:fs";
import { RATE, TARGET } from "./assumptions.ts";
import { requestCost, total } from "./bill.ts";
import { COST_FILE, costDocument, MEASURED_FILE } from "./document.ts";
import { fixedCost } from "./fixed.ts";
import { type Measured, measure } from "./measure.ts";
import { shippedTemplates } from "./templates.ts";

/** `npm run cost`: writes docs/cost.md; with `--measure` from fresh figures, with `--print` these alone, as JSON. */
const [wish] = process.argv.slice(2);
if (wish !== undefined) {
  const fresh = await measure();
  if (wish === "--print") process.stdout.write(`\n${JSON.stringify(fresh)}\n`);
  else writeFileSync(MEASURED_FILE, `${JSON.stringify(fresh, null, 2)}\n`);
}
if (wish !== "--print") {
  const measured = JSON.parse(readFileSync(MEASURED_FILE, "utf8")) as Measured;
  writeFileSync(COST_FILE, costDocument(measured, fixedCost(shippedTemplates())));
  const cost = total(requestCost(measured.plain, RATE));
  process.stdout.write(`a million calls: ${cost.toFixed(2)} US dollars (target ${TARGET}); docs/cost.md is written\n`);
}
process.exit();
