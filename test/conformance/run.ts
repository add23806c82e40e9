import { parseArgs } from "node:util";
import type { SuiteComparison } from "./server-suites.ts";

process.env.POWERTOOLS_LOG_LEVEL ??= "SILENT";
process.env.POWERTOOLS_METRICS_DISABLED ??= "true";

/**
 * Runs the protocol's own conformance suite with and without the gateway, and says whether it changed anything.
 *
 * `--only server|client|auth` runs one leg, `--json` prints for a program.
 */
const { values } = parseArgs({ options: { json: { type: "boolean", default: false }, only: { type: "string" } } });
const { WITHOUT_MEANING } = await import("./auth-scenarios.ts");
const { compareAuthSuites } = await import("./auth-suites.ts");
const { compareClientSuites } = await import("./client-suites.ts");
const { holds, leftOut, summary, table } = await import("./report.ts");
const { compareServerSuites } = await import("./server-suites.ts");

const LEGS = { server: compareServerSuites, client: compareClientSuites, auth: compareAuthSuites };
const chosen = Object.entries(LEGS).filter(([leg]) => values.only === undefined || values.only === leg);
const suites: SuiteComparison[] = [];
for (const [, compareSuites] of chosen) suites.push(...(await compareSuites()));

const text = values.json
  ? JSON.stringify({ equal: holds(suites), suites, leftOut: Object.fromEntries(WITHOUT_MEANING) }, null, 2)
  : [...suites.map(table), leftOut(), summary(suites)].join("\n\n");
process.stdout.write(`${text}\n`, () => process.exit(holds(suites) ? 0 : 1));
