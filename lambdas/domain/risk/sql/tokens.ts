import { scanSync } from "libpg-query";
import type { StatementKind } from "../../../../lib/config/risks.ts";
import { isSequence, type Step, stepsOf } from "../words.ts";
import { HARMLESS, TELLING } from "./first-words.ts";
import { NAMED, wordsOfName } from "./names.ts";

/** What a text that PostgreSQL does not parse does, by its words: comments and the insides of strings are none. */
export interface WordReading {
  readonly kinds: readonly StatementKind[];
  /** Whether each statement begins with a word that is known. */
  readonly known: boolean;
}

const LINES: readonly (readonly [StatementKind, string])[] = [
  [
    "drop",
    "... drop table|database|schema|view|index|collection|keyspace|procedure|function|trigger|column|partition|stage|warehouse|materialized|if ...",
  ],
  ["truncate", "truncate ..."],
  ["truncate", "... truncate table ..."],
  ["delete-without-where", "... delete|update ... where true ..."],
  ["delete-without-where", "... delete|update ... where 1 = 1 ..."],
  ["delete-without-where", "... delete|update ... where 1"],
  ["grant", "grant|revoke ..."],
  ["grant", "... grant|revoke * on ..."],
  ["role", "... create|alter|drop user|role|login|credential ..."],
  ["role", "... create|alter|drop server|application role ..."],
  ["role", "... set password ..."],
  ["role", "... sp_addsrvrolemember|sp_addrolemember|sp_addlogin|sp_password ..."],
  ["run-program", "... xp_cmdshell|xp_*|sp_oacreate|sp_execute_external_script|sys_exec|sys_eval ..."],
  ["run-code", "do|prepare ..."],
  ["run-code", "... execute immediate ..."],
  ["run-code", "... sp_executesql ..."],
  ["run-code", "... exec|execute ( ..."],
  ["run-code", "... create function|procedure|assembly ..."],
  ["run-code", "... or replace function|procedure ..."],
  ["write-file", "... into outfile|dumpfile ..."],
  ["write-file", "... attach 's' ..."],
  ["write-file", "attach ..."],
  ["write-file", "backup ..."],
  ["read-file", "load data|xml ..."],
  ["read-file", "... bulk insert ..."],
  ["read-file", "... openrowset|load_file ..."],
  ["network", "copy into ..."],
  ["network", "unload ..."],
  ["network", "put|get 's' ..."],
  ["network", "... opendatasource|openquery|sp_addlinkedserver ..."],
  ["stop-logging", "... sql_log_bin|general_log|slow_query_log|log_bin = ..."],
  ["stop-logging", "... purge binary|master logs ..."],
  ["stop-logging", "... reset master|binary ..."],
  ["stop-logging", "... server audit ..."],
  ["stop-logging", "noaudit ..."],
  ["stop-logging", "... disable trigger ..."],
  ["change-server", "... set global|persist ..."],
  ["change-server", "... sp_configure|shutdown|reconfigure ..."],
  ["change-server", "... alter system|database|instance ..."],
  ["change-server", "... install plugin|component ..."],
  ["change-server", "kill ..."],
];
const PATTERNS = LINES.map(([kind, line]): readonly [StatementKind, readonly Step[]] => [kind, stepsOf(line)]);

/** First words of statements that this reading understands. */
const KNOWN: ReadonlySet<string> = new Set([...TELLING, ...HARMLESS, "("]);

/** `exec dbo.PurgeOrders`: a procedure as SQL Server calls it. */
const EXECUTED = /\bexec(?:ute)?\s+(?:\[?\w{1,128}\]?\.){0,3}\[?(\w{1,128})\b/gi;

export function readTokens(text: string): WordReading {
  const kinds = new Set<StatementKind>();
  let known = true;
  for (const words of statementsOf(text)) {
    known &&= KNOWN.has(words[0] ?? "");
    for (const [kind, steps] of PATTERNS) if (!kinds.has(kind) && isSequence(steps, words)) kinds.add(kind);
    if (!words.includes("where")) {
      if (/^(?:delete|explain)$/.test(words[0] ?? "") && words.includes("delete")) kinds.add("delete-without-where");
      if (words[0] === "update" && words.includes("set")) kinds.add("update-without-where");
    }
    words.forEach((word, at) => {
      const name = words[at + 1] === "(" ? `${word}()` : words[at - 1] === "." ? `${words[at - 2]}.${word}` : word;
      for (const [pattern, kind] of NAMED) if (pattern.test(name)) kinds.add(kind);
    });
  }
  for (const [, name = ""] of text.matchAll(EXECUTED))
    for (const [pattern, kind] of NAMED) if (pattern.test(`${wordsOfName(name)}()`)) kinds.add(kind);
  return { kinds: [...kinds], known };
}

/** @throws Error when it holds a string or comment without end */
function statementsOf(text: string): readonly (readonly string[])[] {
  const statements: string[][] = [[]];
  for (const { text: token, tokenName } of scanSync(text).tokens) {
    if (tokenName === "C_COMMENT" || tokenName === "SQL_COMMENT") continue;
    if (token === ";") statements.push([]);
    else
      statements
        .at(-1)
        ?.push(tokenName.endsWith("CONST") && /^\D/.test(token) ? "'s'" : token.toLowerCase().replace(/^"|"$/g, ""));
  }
  return statements.filter((words) => words.length > 0);
}
