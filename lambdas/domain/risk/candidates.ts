import type { Json } from "../json/json.ts";
import { pointerOf } from "../json/path.ts";
import { Remembered } from "../remembered.ts";
import { HARMLESS, TELLING } from "./sql/first-words.ts";

/** What an argument is by its name: names are the server's choice, not the caller's. */
export type ArgumentKind = "shell" | "sql" | "prose" | "other";

const BY_NAME: ReadonlyMap<string, ArgumentKind> = new Map(
  (
    [
      ["shell", "command commands cmd cmds commandline shell bash sh script shellscript shellcommand exec"],
      [
        "sql",
        "sql statement statements stmt stmts sqlquery sqltext sqlstatement sqlstatements sqlcommand sqlscript rawsql ddl dml querystring",
      ],
      [
        "prose",
        "body message messages title subject description comment content contents text summary q search searchquery prompt note notes newstr oldstr newstring oldstring filetext oldtext newtext insertedtext markdown html reason commitmessage question thought",
      ],
    ] as const
  ).flatMap(([kind, names]) => names.split(" ").map((name): [string, ArgumentKind] => [name, kind])),
);

/** By the name of the member that holds it, or a list of it. */
export function kindOf(name: string): ArgumentKind {
  // Most names are short and come again: told once.
  const known = BY_NAME.get(name) ?? told.get(name);
  if (known !== undefined) return known;
  const kind = BY_NAME.get(name.toLowerCase().replace(NO_LETTERS, "")) ?? "other";
  if (name.length <= LONGEST_TOLD) told.set(name, kind);
  return kind;
}
const MOST_TOLD = 1000;
const told = new Remembered<string, ArgumentKind>(MOST_TOLD);
const LONGEST_TOLD = 64;
const NO_LETTERS = /[^a-z]+/g;

/** Whether a tool's name says that it speaks SQL. */
export const speaksSql = (toolWords: readonly string[]): boolean =>
  toolWords.some((word) =>
    /^(?:sql|query|queries|db|database|databases|postgres|postgresql|pg|psql|mysql|mariadb|sqlite|mssql|tsql|plsql|oracle|snowflake|redshift|athena|bigquery|clickhouse|duckdb|trino|presto|cockroachdb|supabase|databricks|rds|aurora)$/.test(
      word,
    ),
  );

const leading = (words: readonly string[]) => new RegExp(`^[\\s(;]*(?:${words.join("|")})\\b`, "i");
const TELLING_FIRST = leading(TELLING);
const HARMLESS_FIRST = leading(HARMLESS);
/** Whether a text begins like SQL, comments aside. */
export const beginsAsSql = (text: string): boolean => TELLING_FIRST.test(text) || /^\s*(?:--|\/\*|#)/.test(text);
/** Whether it begins like SQL of no consequence, and more follows. */
export const beginsHarmlessly = (text: string): boolean => text.includes(";") && HARMLESS_FIRST.test(text);

/** A value closed early, and a statement behind it: how SQL is smuggled into what should be a value. */
export const INJECTED = /['")\d]\s?;\s?(?:drop|delete|truncate|update|insert|alter|grant|exec|execute|create)\s/i;

/** A command whose words stand apart. */
export interface SplitCommand {
  readonly pointer: string;
  readonly words: readonly string[];
}

const PROGRAM = ["command", "cmd", "program", "executable", "binary", "file", "bin"];
const ARGUMENTS: readonly string[] = ["args", "argv", "arguments", "params", "parameters"];
const SPLIT: ReadonlySet<string> = new Set([...PROGRAM, ...ARGUMENTS]);

/**
 * `{ "command": "rm", "args": ["-rf", "/"] }` and `{ "command": ["rm", "-rf", "/"] }`; whatever its name, a list that
 * begins like one is a command too.
 */
export function splitCommandsOf(
  value: Json,
  beginsCommand: (program: string, next: string) => boolean,
): readonly SplitCommand[] {
  const found: SplitCommand[] = [];
  const open: { readonly value: Json; readonly path: readonly string[] }[] = [{ value, path: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value: at, path } = next;
    if (typeof at !== "object" || at === null) continue;
    if (Array.isArray(at) && isWords(at) && beginsCommand(at[0] as string, String(at[1] ?? ""))) {
      const name = path.findLast((part) => !/^\d+$/.test(part)) ?? "";
      if (kindOf(name) !== "prose") found.push({ pointer: pointerOf(path), words: at as string[] });
    }
    if (isObject(at) && Object.keys(at).some((name) => SPLIT.has(name))) {
      const program = PROGRAM.find((name) => typeof at[name] === "string");
      const rest = ARGUMENTS.find((name) => isWords(at[name]));
      if (program !== undefined && rest !== undefined)
        found.push({
          pointer: pointerOf([...path, program]),
          words: [at[program] as string, ...(at[rest] as string[])],
        });
      for (const name of [...PROGRAM, ...ARGUMENTS])
        if (isWords(at[name]) && (program === undefined || !ARGUMENTS.includes(name)))
          found.push({ pointer: pointerOf([...path, name]), words: at[name] as string[] });
    }
    for (const [name, inner] of Object.entries(at))
      if (typeof inner === "object" && inner !== null) open.push({ value: inner as Json, path: [...path, name] });
  }
  return found;
}

const isObject = (value: Json): value is { readonly [name: string]: Json } => !Array.isArray(value);

const isWords = (value: Json | undefined) =>
  Array.isArray(value) && value.length > 0 && value.length < 1000 && value.every((word) => typeof word === "string");
