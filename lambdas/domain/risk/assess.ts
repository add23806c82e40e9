import type { Json } from "../json/json.ts";
import { beginsAsSql, beginsHarmlessly, INJECTED, kindOf, speaksSql, splitCommandsOf } from "./candidates.ts";
import { type Budget, type Form, formsOf } from "./forms.ts";
import { type Argued, isPlace, patternsAt } from "./places.ts";
import { relevantRisks } from "./relevant.ts";
import type { AssessedCall, CompiledArgument, CompiledRisks, RiskMatch } from "./risk.ts";
import { type Found, foundInShell } from "./shell/found.ts";
import { beginsCommand, commandedOf, programsOf } from "./shell/programs.ts";
import { readCommand, readShell, type ShellReading } from "./shell/read.ts";
import { withoutClientCommands } from "./sql/client-commands.ts";
import { readSql } from "./sql/read.ts";
import { mayHoldStatements, statementsIn } from "./sql/split.ts";
import { type ArgumentLeaf, leavesOf } from "./strings.ts";
import { toolCommandsOf } from "./tool-commands.ts";
import { wordingsOf } from "./tool-words.ts";
import { startWork } from "./work.ts";

/** The label of a call of which something could not be read: not known to be safe, so not free of risk. */
export const UNASSESSED = "unassessed";

const DECODED_CHARACTERS = 8_388_608;
const LONGEST_TEXT = 200;
const MOST_MATCHES = 20;
/** Longer texts that are not known to be commands are read in parts. */
const LONGEST_GUESS = 65_536;
const MOST_READINGS = 500;
/** How a statement begins that no command does. */
const STATEMENT = /^\s*(?:drop|delete|truncate|grant|revoke|alter|create|insert|update|select|with)\s/i;

/** The risks of a call: sorted by label and place, each place once for a label. */
export function assess(call: AssessedCall, risks: CompiledRisks): readonly RiskMatch[] {
  const matches: RiskMatch[] = [];
  const wordings = wordingsOf(call.name);
  const relevant = relevantRisks(call, wordings, risks);
  for (const risk of relevant)
    if (!risk.argument)
      matches.push({ risk: risk.risk, pointer: "", start: 0, length: call.name.length, text: call.name });

  const argued = relevant.flatMap(({ risk, argument }) => (argument ? [{ risk, argument }] : []));
  const of = (matcher: "pattern" | "shell" | "sql") => argued.filter(({ argument }) => argument[matcher] !== undefined);
  const [patterns, shells, statements] = [of("pattern"), of("shell"), of("sql")];
  const budget: Budget = { characters: DECODED_CHARACTERS, exhausted: false };
  const speaks = call.method === "tools/call" && wordings.some(speaksSql);
  const programs = programsOf(risks);
  const work = startWork();
  const patternsOf = patternsAt(patterns);
  let readings = 0;
  let unread: string | undefined;

  /** A parser that fails has read nothing: the call is not known to be free of risk. */
  const safely = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch {
      unread ??= "a text that a parser failed on";
      return undefined;
    }
  };
  const note = (
    entries: readonly Argued[],
    pointer: string,
    form: Form,
    find: (argument: CompiledArgument) => readonly Found[],
  ) => {
    for (const { risk, argument } of entries)
      if (isPlace(argument, pointer))
        for (const { start, end, text } of find(argument)) {
          const place = form.decoded ? form : { start, length: end - start };
          matches.push({ risk, pointer, start: place.start, length: place.length, text: shown(text) });
        }
  };
  const noteSql = (text: string, byWords: boolean, pointer: string, form: Form, span: Found) => {
    const reading = safely(() => readSql(text, byWords, work));
    if (reading === undefined) return { parsed: false, understood: true };
    const { kinds, parsed, understood } = reading;
    if (kinds.size > 0)
      note(statements, pointer, form, ({ sql }) => (sql && [...sql].some((kind) => kinds.has(kind)) ? [span] : []));
    return { parsed, understood };
  };
  const noteShell = (reading: ShellReading | undefined, pointer: string, form: Form, isCommand: boolean) => {
    if (reading === undefined) return;
    note(shells, pointer, form, (argument) => foundInShell(reading, argument, form.text, isCommand));
    for (const { start, end, text } of reading.statements) {
      const statement = withoutClientCommands(text);
      if (statement.trim() === "") continue;
      const { understood } = noteSql(statement, true, pointer, form, { start, end, text });
      // What is only perhaps a command, and a broken one, is no client's statement either.
      if (!understood && (isCommand || reading.complete)) unread ??= shown(text);
    }
  };

  for (const leaf of leavesOfCall(call)) {
    const { pointer, value, name } = leaf;
    const kind = leaf.isName ? "other" : kindOf(name);
    const here = patternsOf(leaf, kind);
    if (leaf.isBare) {
      const form: Form = { text: value, start: 0, length: value.length, decoded: false };
      for (const { risk, argument } of here)
        for (const match of matchesIn(form, argument)) matches.push({ risk, pointer, ...match });
      continue;
    }
    const isArgument = call.arguments !== undefined && (call.method === "tools/call" || pointer !== "");
    for (const form of formsOf(value, budget)) {
      const { text } = form;
      const whole = { start: 0, end: text.length, text };
      for (const { risk, argument } of here)
        for (const match of matchesIn(form, argument)) matches.push({ risk, pointer, ...match });
      if (!isArgument || text.length === 0) continue;
      if (readings > MOST_READINGS) {
        unread ??= "more texts than are read";
        break;
      }

      const isCommand = kind === "shell";
      if (isCommand || (kind === "other" && programs.test(text))) {
        // What is only perhaps a command may be long, and honest; it is read in parts.
        for (const part of isCommand ? [text] : partsOf(text, LONGEST_GUESS)) {
          readings += 1;
          const reading = safely(() => readShell(part, work));
          noteShell(reading, pointer, part === text ? form : { ...form, text: part, decoded: true }, isCommand);
          // Of what is only perhaps a command, grammar says little: most of it is none.
          const isUnread = isCommand ? reading?.complete === false : reading?.skipped;
          if (isUnread && !form.decoded) unread ??= shown(text);
        }
      }
      const isStatement = kind === "sql";
      const isKnown = isStatement || (speaks && kind !== "prose");
      const begins = beginsAsSql(text);
      const leads = begins || beginsHarmlessly(text);
      const follows = kind !== "prose" && !isCommand && mayHoldStatements(text);
      if (isStatement ? !form.decoded || leads : follows || (leads && (kind !== "prose" || text.includes(";")))) {
        readings += 1;
        const byWords = isKnown || (isCommand && STATEMENT.test(text));
        const { parsed, understood } = noteSql(text, byWords, pointer, form, whole);
        const parts = !parsed && (follows || speaks) ? statementsIn(text) : [];
        const asked = leads && /quer/i.test(name);
        for (const part of parts) noteSql(part, asked, pointer, form, whole);
        const isLong = kind !== "prose" && text.length > LONGEST_GUESS;
        const isSql = begins || (leads && !isCommand && parts.length > 0);
        const mustBeRead = isKnown ? isStatement || isSql || isLong : begins && isLong;
        if (!understood && mustBeRead && !form.decoded) unread ??= shown(text);
      }
      if (!begins && kind !== "prose" && !isCommand && INJECTED.test(text)) {
        readings += 1;
        noteSql(text.slice(text.indexOf(";") + 1), true, pointer, form, whole);
      }
    }
  }
  if (call.method === "tools/call") {
    const madeOf = (text: string): Form => ({ text, start: 0, length: 0, decoded: true });
    const ofTool = wordings.map((words) => toolCommandsOf(words, call.arguments, commandedOf(risks)));
    const split =
      call.arguments === undefined
        ? []
        : splitCommandsOf(call.arguments, (program, next) => beginsCommand(risks, program, next));
    if (split.length > MOST_READINGS) unread ??= "more commands than are read";
    for (const { pointer, words: command } of [...ofTool.flatMap((of) => of.words), ...split.slice(0, MOST_READINGS)]) {
      const reading = safely(() => readCommand(command, work));
      noteShell(reading, pointer, madeOf(command.join(" ")), true);
      if (reading?.complete === false) unread ??= shown(command.join(" "));
    }
    for (const { pointer, text, named } of ofTool.flatMap((of) => of.texts)) {
      const reading = safely(() => readShell(text, work));
      noteShell(reading, pointer, madeOf(text), true);
      if (named ? reading?.complete === false : reading?.skipped) unread ??= shown(text);
    }
  }
  if (work.exhausted) unread ??= "more commands and statements than are read";
  if (budget.exhausted) unread ??= "more encoded text than is decoded";
  if (unread !== undefined) matches.push({ risk: UNASSESSED, pointer: "", start: 0, length: 0, text: unread });
  return distinct(matches);
}

/** The text, cut where lines end if it is longer than this. */
function partsOf(text: string, longest: number): readonly string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = start + longest;
    const line = end < text.length ? text.lastIndexOf("\n", end) : text.length;
    const cut = line > start ? line : end;
    parts.push(text.slice(start, cut));
    start = cut;
  }
  return parts;
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
    const place = form.decoded ? form : { start: match.index, length: match[0].length };
    found.push({ start: place.start, length: place.length, text: shown(match[0]) });
    if (found.length === MOST_MATCHES) break;
  }
  return found;
}

const shown = (text: string) => text.slice(0, LONGEST_TEXT).toWellFormed();

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
