import { parseArgs } from "node:util";
import { reportOf, table, writeReport } from "./report.ts";
import type { Effort, Suite } from "./suite.ts";
import { approvalsSuite } from "./suites/approvals/suite.ts";
import { evidenceSuite } from "./suites/evidence/suite.ts";
import { gatewaySuite } from "./suites/gateway/suite.ts";
import { identitySuite } from "./suites/identity/suite.ts";
import { maskingSuite } from "./suites/masking/suite.ts";
import { policySuite } from "./suites/policy/suite.ts";

/** `npm run bench -- [suite…] [--long]`: measures, prints a table and writes `bench/results/<suite>.json`. */
const SUITES: readonly Suite[] = [
  policySuite,
  gatewaySuite,
  approvalsSuite,
  maskingSuite,
  evidenceSuite,
  identitySuite,
];
const names = SUITES.map((suite) => suite.name);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { long: { type: "boolean", default: false }, smoke: { type: "boolean", default: false } },
});
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No suite ${unknown.join(", ")}. There are: ${names.join(", ")}\n`);
  process.exit(2);
}
const effort: Effort = values.smoke ? "smoke" : values.long ? "long" : "default";

let missed = 0;
for (const suite of SUITES.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  const say = (text: string) => void process.stderr.write(`${suite.name}: ${text}\n`);
  const report = reportOf(suite.name, await suite.run(effort, say));
  process.stdout.write(`${table(report)}written to ${writeReport(report)}\n`);
  missed += report.metrics.filter((entry) => !entry.pass).length;
}
process.exitCode = missed === 0 ? 0 : 1;
