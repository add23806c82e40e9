import { type ArgumentKind, beginsAsSql, beginsHarmlessly, INJECTED } from "./candidates.ts";
import type { Form } from "./forms.ts";
import type { Reader } from "./reader.ts";
import { mayHoldStatements, statementsIn } from "./sql/split.ts";

/** What an argument is, as far as its text is read by it. */
export interface Place {
  readonly pointer: string;
  readonly name: string;
  readonly kind: ArgumentKind;
  /** Whether the tool's name says that it speaks SQL. */
  readonly speaks: boolean;
}

/** Longer texts that are not known to be commands are read in parts. */
const LONGEST_GUESS = 65_536;
/** How a statement begins that no command does. */
const STATEMENT = /^\s*(?:drop|delete|truncate|grant|revoke|alter|create|insert|update|select|with)\s/i;

/** Reads a form of an argument as a script. */
export function readAsScript(form: Form, { pointer, kind }: Place, reader: Reader): void {
  const { text } = form;
  const isCommand = kind === "shell";
  // What is only perhaps a command may be long, and honest; it is read in parts.
  for (const part of isCommand ? [text] : partsOf(text, LONGEST_GUESS)) {
    reader.count();
    const reading = reader.script(
      part,
      pointer,
      part === text ? form : { ...form, text: part, decoded: true },
      isCommand,
    );
    // Of what is only perhaps a command, grammar says little: most of it is none.
    const isUnread = isCommand ? reading?.complete === false : reading?.skipped;
    if (isUnread && !form.decoded) reader.leaveUnread(text);
  }
}

/** Reads a form of an argument as SQL, where it may be that. */
export function readAsSql(form: Form, { pointer, name, kind, speaks }: Place, reader: Reader): void {
  const { text } = form;
  const whole = { start: 0, end: text.length, text };
  const [isCommand, isStatement, isProse] = [kind === "shell", kind === "sql", kind === "prose"];
  const isKnown = isStatement || (speaks && !isProse);
  const begins = beginsAsSql(text);
  const leads = begins || beginsHarmlessly(text);
  const follows = !isProse && !isCommand && mayHoldStatements(text);
  if (isStatement ? !form.decoded || leads : follows || (leads && (!isProse || text.includes(";")))) {
    reader.count();
    const byWords = isKnown || (isCommand && STATEMENT.test(text));
    const { parsed, understood } = reader.sql(text, byWords, pointer, form, whole);
    const parts = !parsed && (follows || speaks) ? statementsIn(text) : [];
    const asked = leads && /quer/i.test(name);
    for (const part of parts) reader.sql(part, asked, pointer, form, whole);
    const isLong = !isProse && text.length > LONGEST_GUESS;
    const isSql = begins || (leads && !isCommand && parts.length > 0);
    const mustBeRead = isKnown ? isStatement || isSql || isLong : begins && isLong;
    if (!understood && mustBeRead && !form.decoded) reader.leaveUnread(text);
  }
  if (!begins && !isProse && !isCommand && INJECTED.test(text)) {
    reader.count();
    reader.sql(text.slice(text.indexOf(";") + 1), true, pointer, form, whole);
  }
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
