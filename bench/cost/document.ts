import { fileURLToPath } from "node:url";
import { ASSUMED, RATE, RATES, TARGET } from "./assumptions.ts";
import { type BillLine, holdingCost, requestCost, total } from "./bill.ts";
import type { CallUse, Measured } from "./measure.ts";
import { PRICES, PRICES_OF, type Price } from "./prices.ts";

/** Where the document lies, and what was measured last. */
export const COST_FILE = fileURLToPath(new URL("../../docs/cost.md", import.meta.url));
export const MEASURED_FILE = fileURLToPath(new URL("measured.json", import.meta.url));

const usd = (value: number) => value.toFixed(2);
const number = (value: number) => String(Number(value.toPrecision(3)));

/** `docs/cost.md`: what a million calls, a month and a deployment cost, from measured use and list prices. */
export function costDocument({ plain, masked }: Measured, fixed: readonly BillLine[]): string {
  const request = requestCost(plain, RATE);
  const withSecret = requestCost(masked, RATE);
  const missed = total(request) > TARGET;
  return [
    "# What it costs",
    "",
    "Written by `npm run cost` from `bench/cost/`: use that was measured on the local stack with the product's own functions",
    "(`npm run cost -- --measure`), list prices, and the assumptions below. Tests measure again and fail when this page is stale.",
    `Prices: ${PRICES_OF.region}, US dollars, looked up ${PRICES_OF.date}, without free tiers, discounts and taxes.`,
    "",
    "## A million allowed calls",
    "",
    `**${usd(total(request))} US dollars** at ${RATE} calls a second, each ${plain.requestBytes} bytes in and ${Math.round(plain.answerBytes)} bytes out, nothing masked.`,
    missed
      ? `The target is ${TARGET}: **it is missed by ${usd(total(request) - TARGET)}**. The largest parts are what is left to gain: ${largest(request)}.`
      : `The target is ${TARGET}: it is met.`,
    "",
    ...billTable(request, "units a call"),
    "",
    `Where an answer holds a secret, so that its original is kept sealed: ${usd(total(withSecret))}. Archive objects and runs are shared by`,
    "the calls of a moment, so the rate counts:",
    "",
    "| calls a second | a million calls | with a secret in each |",
    "|---|---|---|",
    ...RATES.map(
      (rate) => `| ${rate} | ${usd(total(requestCost(plain, rate)))} | ${usd(total(requestCost(masked, rate)))} |`,
    ),
    "",
    `Each further 100 ms of a slower MCP server add ${usd(0.1 * PRICES.gigabyteSecond.usd * 1e6)}: Lambda waits with the caller.`,
    "",
    "## Holding the evidence of a million calls, each month",
    "",
    `**${usd(total(holdingCost(plain)))} US dollars** (${usd(total(holdingCost(masked)))} with a secret in each answer), for as long as retention says. What a replica adds: the`,
    "same again for the vaults, and a PUT for each object.",
    "",
    ...billTable(holdingCost(plain), "GB for a call"),
    "",
    "## Each month before the first call",
    "",
    `**${usd(total(fixed))} US dollars**, counted in the synthesized templates of the shipped configuration. Without a private server there is no VPC, and`,
    "no endpoint to pay for. Scheduled runs (sweeper each minute, and others) stay below half a dollar.",
    "",
    ...billTable(fixed, "units"),
    "",
    "## What was measured",
    "",
    "| of one call | nothing masked | a secret in the answer |",
    "|---|---|---|",
    ...measuredRows(plain, masked),
    "",
    "## What is assumed",
    "",
    ...assumptions(),
    "",
    "An approval is apart: about five transitions, five writes and a mail or two, 0.0002 US dollars; so is what a reader does (Athena's 5 US",
    "dollars for each TB scanned, `verify`'s GETs).",
    "",
    "## Prices",
    "",
    "| of | US dollars | page |",
    "|---|---|---|",
    ...Object.values(PRICES).map(
      ({ usd: price, per, source }: Price) => `| ${per} | ${Number(price.toPrecision(6))} | <${source}> |`,
    ),
    "",
  ].join("\n");
}

const largest = (lines: readonly BillLine[]) =>
  [...lines]
    .sort((one, other) => other.usd - one.usd)
    .slice(0, 4)
    .map(({ part, usd: cost }) => `${part} (${usd(cost)})`)
    .join("; ");

const billTable = (lines: readonly BillLine[], units: string): string[] => [
  `| part | ${units} | US dollars |`,
  "|---|---|---|",
  ...lines.map(({ part, units: count, usd: cost }) => `| ${part} | ${number(count)} | ${usd(cost)} |`),
  `| **all** | | **${usd(total(lines))}** |`,
];

function measuredRows(plain: CallUse, masked: CallUse): string[] {
  const row = (name: string, of: (use: CallUse) => number) =>
    `| ${name} | ${number(of(plain))} | ${number(of(masked))} |`;
  const operations = Object.keys(plain.waits).sort();
  return [
    ...operations.map((name) => row(`requests that the caller waits for: ${name}`, (use) => use.waits[name] ?? 0)),
    row("bytes of its ledger items", (use) => use.ledgerBytes),
    row("write units of its ledger items", (use) => use.writeUnits.ledger),
    row("write units of the principal's row", (use) => use.writeUnits.access),
    row("events on the bus", (use) => use.events),
    row("records", (use) => use.records),
    row("bytes that the gateway logs", (use) => use.logBytes),
    row("bytes in the masked vault, compressed", (use) => use.maskedBytes),
    row("bytes in the sealed vault, compressed", (use) => use.sealedBytes),
  ];
}

const assumptions = (): string[] => [
  `- Lambda: ${ASSUMED.gatewayCpuMs} ms of processor time a call (\`npm run bench -- gateway\`) on ${(ASSUMED.coreShare * 100).toFixed(0)} % of a core, two round trips of ${ASSUMED.roundTripMs} ms, and ${ASSUMED.upstreamMs} ms of the MCP`,
  "  server's own.",
  `- A token is verified once for ${ASSUMED.callsPerToken} calls; archiver and exporter run ${ASSUMED.consumerMs} ms.`,
  `- The ledger's stream has ${ASSUMED.shards} shards, as an on-demand table begins with; each consumer gathers for ${ASSUMED.archiverWindow} s (archiver) or ${ASSUMED.exporterWindow} s (exporter).`,
  `- Each archive object is read ${number(ASSUMED.readsOfObject)} times by the digester and the reconciler, and CloudTrail logs each read.`,
  `- A log line of API Gateway has ${ASSUMED.accessLogBytes} bytes; Lambda adds ${ASSUMED.addedLogBytes} to each of ours, and logs no line of its own for a run that ends well. The`,
  "  firewall logs what it blocks or counts alone.",
  `- X-Ray traces ${ASSUMED.traceShare * 100} % of the requests, and no run of archiver or exporter.`,
  `- ${ASSUMED.headerBytes} bytes of headers with each answer; all of it leaves for the internet.`,
];
