import type { Json } from "../json/json.ts";
import { INJECTED, kindOf, looksLikeSql, speaksSql, splitCommandsOf } from "./candidates.ts";
import { type Budget, type Form, formsOf } from "./forms.ts";
import { relevantRisks, wordsOf } from "./relevant.ts";
import type { AssessedCall, CompiledArgument, CompiledRisks, RiskMatch } from "./risk.ts";
import { type Found, foundInShell } from "./shell/found.ts";
import { beginsCommand, commandedOf, programsOf } from "./shell/programs.ts";
import { readCommand, readShell, type ShellReading } from "./shell/read.ts";
import { readSql } from "./sql/read.ts";
import { type StringLeaf, stringsOf } from "./strings.ts";
import { toolCommandsOf } from "./tool-commands.ts";
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
  const words = wordsOf(call.name);
  const relevant = relevantRisks(call, words, risks);
  for (const risk of relevant)
    if (!risk.argument)
      matches.push({ risk: risk.risk, pointer: "", start: 0, length: call.name.length, text: call.name });

  const argued = relevant.flatMap(({ risk, argument }) => (argument ? [{ risk, argument }] : []));
  const of = (matcher: "pattern" | "shell" | "sql") => argued.filter(({ argument }) => argument[matcher] !== undefined);
  const [patterns, shells, statements] = [of("pattern"), of("shell"), of("sql")];
  const budget: Budget = { characters: DECODED_CHARACTERS, exhausted: false };
  const speaks = call.method === "tools/call" && speaksSql(words);
  const programs = programsOf(risks);
  const work = startWork();
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
      if (argument.pointer === undefined || argument.pointer === pointer)
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
    for (const { start, end, text } of reading.statements) noteSql(text, true, pointer, form, { start, end, text });
  };

  for (const { pointer, value, name, isName } of leavesOf(call)) {
    const kind = isName ? "other" : kindOf(name);
    const here = patterns.filter(
      ({ argument }) => (argument.prose || kind !== "prose") && (argument.pointer ?? pointer) === pointer,
    );
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
          if (isCommand && reading?.complete === false && !form.decoded) unread ??= shown(text);
        }
      }
      const isStatement = kind === "sql";
      const begins = looksLikeSql(text);
      if (isStatement ? !form.decoded || begins : begins && (kind !== "prose" || text.includes(";"))) {
        readings += 1;
        const isKnown = isStatement || (speaks && kind !== "prose");
        const { understood } = noteSql(text, isKnown || (isCommand && STATEMENT.test(text)), pointer, form, whole);
        if (!understood && (isKnown || (kind !== "prose" && text.length > LONGEST_GUESS)) && !form.decoded)
          unread ??= shown(text);
      } else if (kind !== "prose" && !isCommand && INJECTED.test(text)) {
        readings += 1;
        noteSql(text.slice(text.indexOf(";") + 1), true, pointer, form, whole);
      }
    }
  }
  if (call.method === "tools/call") {
    const madeOf = (text: string): Form => ({ text, start: 0, length: 0, decoded: true });
    const ofTool = toolCommandsOf(words, call.arguments, commandedOf(risks));
    const split =
      call.arguments === undefined
        ? []
        : splitCommandsOf(call.arguments, (program, next) => beginsCommand(risks, program, next));
    if (split.length > MOST_READINGS) unread ??= "more commands than are read";
    for (const { pointer, words: command } of [...ofTool.words, ...split.slice(0, MOST_READINGS)])
      noteShell(
        safely(() => readCommand(command, work)),
        pointer,
        madeOf(command.join(" ")),
        true,
      );
    for (const { pointer, text } of ofTool.texts)
      noteShell(
        safely(() => readShell(text, work)),
        pointer,
        madeOf(text),
        true,
      );
  }
  if (work.exhausted) unread ??= "more commands and statements than are read";
  if (budget.exhausted) unread ??= "more encoded text than is decoded";
  if (unread !== undefined) matches.push({ risk: UNASSESSED, pointer: "", start: 0, length: 0, text: unread });
  return distinct(matches);
}

interface Argued {
  readonly risk: string;
  readonly argument: CompiledArgument;
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
function leavesOf(call: AssessedCall): readonly StringLeaf[] {
  const named = call.method === "tools/call" ? [] : [{ pointer: "", value: call.name, name: "" }];
  return call.arguments === undefined ? named : [...named, ...stringsOf(call.arguments as Json)];
}

function matchesIn(form: Form, { pattern, unless }: CompiledArgument) {
  const found: Omit<RiskMatch, "risk" | "pointer">[] = [];
  if (pattern === undefined) return found;
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
