import type { Json } from "../json/json.ts";
import { kindOf, speaksSql, splitCommandsOf } from "./candidates.ts";
import { type Budget, type Form, formsOf } from "./forms.ts";
import { type Argued, patternsAt } from "./places.ts";
import { readAsScript, readAsSql } from "./read-form.ts";
import { matchAt, Reader } from "./reader.ts";
import { relevantRisks } from "./relevant.ts";
import type { AssessedCall, CompiledArgument, CompiledRisks, RiskMatch } from "./risk.ts";
import { beginsCommand, commandedOf, programsOf } from "./shell/programs.ts";
import { type ArgumentLeaf, leavesOf } from "./strings.ts";
import { toolCommandsOf } from "./tool-commands.ts";
import { wordingsOf } from "./tool-words.ts";

/** The label of a call of which something could not be read: not known to be safe, so not free of risk. */
export const UNASSESSED = "unassessed";

const DECODED_CHARACTERS = 8_388_608;
const MOST_MATCHES = 20;
const MOST_COMMANDS = 500;

/** The risks of a call: sorted by label and place, each place once for a label. */
export function assess(call: AssessedCall, risks: CompiledRisks): readonly RiskMatch[] {
  const wordings = wordingsOf(call.name);
  const relevant = relevantRisks(call, wordings, risks);
  const argued = relevant.flatMap(({ risk, argument }) => (argument ? [{ risk, argument }] : []));
  const reader = new Reader(argued);
  for (const risk of relevant)
    if (!risk.argument)
      reader.matches.push({ risk: risk.risk, pointer: "", start: 0, length: call.name.length, text: call.name });

  readArguments(call, wordings, argued, reader, risks);
  if (call.method === "tools/call") readCommands(call, wordings, reader, risks);
  const { matches, unread } = reader;
  // Only what was not read first is told of.
  if (unread !== undefined)
    matches.push({ risk: UNASSESSED, pointer: "", start: 0, length: 0, text: unread, more: true });
  return distinct(matches);
}

type Wordings = readonly (readonly string[])[];

/** Each text of the arguments by itself, in all its forms. */
function readArguments(
  call: AssessedCall,
  wordings: Wordings,
  argued: readonly Argued[],
  reader: Reader,
  risks: CompiledRisks,
): void {
  const budget: Budget = { characters: DECODED_CHARACTERS, exhausted: false };
  const speaks = call.method === "tools/call" && wordings.some(speaksSql);
  const programs = programsOf(risks);
  const patternsOf = patternsAt(argued.filter(({ argument }) => argument.pattern !== undefined));
  for (const leaf of leavesOfCall(call)) {
    const { pointer, value, name } = leaf;
    const kind = leaf.isName ? "other" : kindOf(name);
    const here = patternsOf(leaf, kind);
    const match = (form: Form) => {
      for (const { risk, argument } of here)
        for (const found of matchesIn(form, argument)) reader.matches.push({ risk, pointer, ...found });
    };
    if (leaf.isBare) {
      match({ text: value, start: 0, length: value.length, decoded: false });
      continue;
    }
    const isArgument = call.arguments !== undefined && (call.method === "tools/call" || pointer !== "");
    const place = { pointer, name, kind, speaks };
    for (const form of formsOf(value, budget)) {
      match(form);
      if (!isArgument || form.text.length === 0) continue;
      if (!reader.mayRead()) break;
      if (kind === "shell" || (kind === "other" && programs.test(form.text))) readAsScript(form, place, reader);
      readAsSql(form, place, reader);
    }
  }
  if (budget.exhausted) reader.leaveUnread("more encoded text than is decoded");
}

/** Commands whose words stand apart, and those that the tool's name begins. */
function readCommands(call: AssessedCall, wordings: Wordings, reader: Reader, risks: CompiledRisks): void {
  const formOf = (text: string): Form => ({ text, start: 0, length: 0, decoded: true });
  const ofTool = wordings.map((words) => toolCommandsOf(words, call.arguments, commandedOf(risks)));
  const split =
    call.arguments === undefined
      ? []
      : splitCommandsOf(call.arguments, (program, next) => beginsCommand(risks, program, next));
  if (split.length > MOST_COMMANDS) reader.leaveUnread("more commands than are read");
  for (const { pointer, words } of [...ofTool.flatMap((of) => of.words), ...split.slice(0, MOST_COMMANDS)]) {
    const text = words.join(" ");
    if (reader.command(words, pointer, formOf(text))?.complete === false) reader.leaveUnread(text);
  }
  for (const { pointer, text, named } of ofTool.flatMap((of) => of.texts)) {
    const reading = reader.script(text, pointer, formOf(text), true);
    if (named ? reading?.complete === false : reading?.skipped) reader.leaveUnread(text);
  }
}

/** A resource's URI is an argument in all but place: `file:///app/.env` is a secret read too. */
function leavesOfCall(call: AssessedCall): readonly ArgumentLeaf[] {
  const named = call.method === "tools/call" ? [] : [{ pointer: "", path: "", value: call.name, name: "" }];
  return call.arguments === undefined ? named : [...named, ...leavesOf(call.arguments as Json)];
}

const NOTHING: readonly Omit<RiskMatch, "risk" | "pointer">[] = [];

function matchesIn(form: Form, { pattern, unless }: CompiledArgument) {
  if (pattern === undefined || form.text.search(pattern) === -1) return NOTHING;
  const found: Omit<RiskMatch, "risk" | "pointer">[] = [];
  // Not `matchAll`: it would copy the expression for each string of a call.
  pattern.lastIndex = 0;
  for (let match = pattern.exec(form.text); match !== null; match = pattern.exec(form.text)) {
    if (match[0] === "") pattern.lastIndex += 1;
    if (unless?.test(match[0])) continue;
    const [text] = match;
    const one = matchAt(form, { start: match.index, end: match.index + text.length, text });
    const isLast = found.length === MOST_MATCHES - 1;
    found.push(isLast ? { ...one, more: true } : one);
    if (isLast) break;
  }
  return found;
}

function distinct(matches: readonly RiskMatch[]): readonly RiskMatch[] {
  const byPlace = new Map<string, RiskMatch>();
  for (const match of matches) {
    const key = JSON.stringify([match.risk, match.pointer, match.start, match.length]);
    const there = byPlace.get(key);
    if (there === undefined) byPlace.set(key, match);
    else if (match.more || match.text !== there.text) byPlace.set(key, { ...there, more: true });
  }
  return [...byPlace.values()].sort(
    (a, b) => compare(a.risk, b.risk) || compare(a.pointer, b.pointer) || a.start - b.start || a.length - b.length,
  );
}

/** By code unit: the order must not depend on a locale. */
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
