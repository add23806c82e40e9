import { beginsAsSql } from "../candidates.ts";

/** Commands by which clients of databases show what is there, or change how they show it: `\\dt`, `.tables`, `status`. */
const BACKSLASHED =
  /\\(?:d\w{0,8}\+?|l\+?|z|x|q|a|t|H|p|r|h|\?|c|connect|timing|conninfo|pset|echo|qecho|warn|encoding|s[fv]\+?|set|unset|errverbose)/
    .source;
const OTHER =
  /\.(?:tables|schema|fullschema|databases|dbinfo|indexes|indices|mode|headers?|width|nullvalue|separator|timer|stats|changes|show|help|quit|exit|explain|print|echo|bail|limit|dump)|status|quit|exit|help/
    .source;
const OPERANDS = /(?![\w.])[^|!`;\n\\]*/.source;
/** Statements stand behind the two backslashes of `psql`, and behind what ends a statement of `mysql`. */
const ENDS = /(?:\\\\|\\g(?![\w.]))/.source;
/** A line of such commands, as far as the first statement in it. */
const SHOWING = new RegExp(
  `^[ \\t]*(?:${BACKSLASHED}|${OTHER})${OPERANDS}(?:(?:${ENDS}[ \\t]*)?${BACKSLASHED}${OPERANDS})*(?:${ENDS}|;[ \\t\\r]*$|$)`,
  "gim",
);
/** `\\copy` reads and writes the client's files, as any command does; a program is another matter. */
const COPYING = /^[ \t]*\\(copy[^\S\n](?:';'|[^;\n])*)/gim;

/** The statements of what a database's client is given, without the lines that are the client's own. */
export const withoutClientCommands = (text: string): string =>
  text
    .replace(COPYING, (_, copy: string) => copied(copy))
    .replace(SHOWING, stated)
    // How `mysql` ends a statement whose rows it shows one below the other.
    .replace(/\\g(?=\s|;|$)/gi, ";");

/** What the server is told: `\\copy (delete from users returning *) to 'file'` is the statement in it. */
function copied(copy: string): string {
  if (/\bprogram\b/i.test(copy)) return copy;
  if (!/^copy\s*\(/i.test(copy)) return "";
  return /^copy\s*\((.*)\)\s*to\b/i.exec(copy)?.[1] ?? copy;
}

/** To `mysql`, whose commands are letters, a statement may follow one: `\\p DROP TABLE users`. */
const stated = (commands: string): string =>
  commands
    .split("\\")
    .flatMap((command) => (/^[a-z?]\s/i.test(command) && beginsAsSql(command.slice(1)) ? [`${command.slice(1)};`] : []))
    .join("\n");
