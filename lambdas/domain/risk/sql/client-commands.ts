/** Lines by which clients of databases show what is there, or change how they show it: `\\dt`, `.tables`, `status`. */
const SHOWING =
  /^[ \t]*(?:\\(?:d\w{0,8}\+?|l\+?|z|x|q|a|t|H|p|r|h|\?|c|connect|timing|conninfo|pset|echo|qecho|warn|encoding|s[fv]\+?|set|unset|errverbose)|\.(?:tables|schema|fullschema|databases|dbinfo|indexes|indices|mode|headers?|width|nullvalue|separator|timer|stats|changes|show|help|quit|exit|explain|print|echo|bail|limit|dump)|status|quit|exit|help)(?![\w.])[^|!`;\n]*(?:;[ \t\r]*)?$/gim;
/** `\\copy` reads and writes the client's files, as any command does; a program is another matter. */
const COPYING = /^[ \t]*\\(copy\s[^\n]*)$/gim;

/** The statements of what a database's client is given, without the lines that are the client's own. */
export const withoutClientCommands = (text: string): string =>
  text
    .replace(COPYING, (_, copy: string) => (/\bprogram\b/i.test(copy) ? copy : ""))
    .replace(SHOWING, "")
    // How `mysql` ends a statement whose rows it shows one below the other.
    .replace(/\\g(?=\s|;|$)/gi, ";");
