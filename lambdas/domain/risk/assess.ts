import { type Budget, type Form, formsOf } from "./forms.ts";
import type { AssessedCall, CompiledArgument, CompiledRisk, CompiledRisks, RiskMatch } from "./risk.ts";
import { stringsOf } from "./strings.ts";

/** The label of a call whose arguments hold more encoded text than is decoded: not known to be safe, so not free of risk. */
export const UNASSESSED = "unassessed";

const DECODED_CHARACTERS = 8_388_608;
const LONGEST_TEXT = 200;
const MOST_MATCHES = 20;

/** The risks of a call: sorted by label and place, each place once for a label. */
export function assess(call: AssessedCall, risks: CompiledRisks): readonly RiskMatch[] {
  const matches: RiskMatch[] = [];
  const relevant = risks.filter((risk) => applies(risk, call));
  for (const risk of relevant)
    if (!risk.argument)
      matches.push({ risk: risk.risk, pointer: "", start: 0, length: call.name.length, text: call.name });

  const budget: Budget = { characters: DECODED_CHARACTERS, exhausted: false };
  for (const { pointer, value } of leavesOf(call)) {
    const forms = formsOf(value, budget);
    for (const { risk, argument } of relevant) {
      if (!argument || (argument.pointer !== undefined && argument.pointer !== pointer)) continue;
      for (const form of forms)
        for (const match of matchesIn(form, argument)) matches.push({ risk, pointer, ...match });
    }
  }
  if (budget.exhausted)
    matches.push({ risk: UNASSESSED, pointer: "", start: 0, length: 0, text: "more encoded text than is decoded" });
  return distinct(matches);
}

function applies(risk: CompiledRisk, call: AssessedCall): boolean {
  if (risk.server !== undefined && risk.server !== call.server) return false;
  if (risk.method !== undefined && risk.method !== call.method) return false;
  if (risk.destructiveHint && call.destructiveHint !== true) return false;
  return risk.tool === undefined || (call.method === "tools/call" && risk.tool.test(snakeCase(call.name)));
}

/** `createRole`, `CreateRole` and `create-role` are one tool to a risk: `create_role`. */
const snakeCase = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase();

/** A resource's URI is an argument in all but place: `file:///app/.env` is a secret read too. */
function leavesOf(call: AssessedCall) {
  const named = call.method === "tools/call" ? [] : [{ pointer: "", value: call.name }];
  return call.arguments === undefined ? named : [...named, ...stringsOf(call.arguments)];
}

function matchesIn(form: Form, { pattern, unless }: CompiledArgument) {
  const found: Omit<RiskMatch, "risk" | "pointer">[] = [];
  // Not `matchAll`: it would copy the expression for each string of a call.
  pattern.lastIndex = 0;
  for (let match = pattern.exec(form.text); match !== null; match = pattern.exec(form.text)) {
    if (match[0] === "") pattern.lastIndex += 1;
    if (unless?.test(match[0])) continue;
    const place = form.decoded ? form : { start: match.index, length: match[0].length };
    found.push({ start: place.start, length: place.length, text: match[0].slice(0, LONGEST_TEXT).toWellFormed() });
    if (found.length === MOST_MATCHES) break;
  }
  return found;
}

function distinct(matches: readonly RiskMatch[]): readonly RiskMatch[] {
  const byPlace = new Map<string, RiskMatch>();
  for (const match of matches) {
    const key = JSON.stringify([match.risk, match.pointer, match.start, match.length]);
    if (!byPlace.has(key)) byPlace.set(key, match);
  }
  return [...byPlace.values()].sort(
    (a, b) => compare(a.risk, b.risk) || compare(a.pointer, b.pointer) || a.start - b.start || a.length - b.length,
  );
}

/** By code unit: the order must not depend on a locale. */
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
