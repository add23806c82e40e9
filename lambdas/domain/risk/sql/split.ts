/** How a statement begins that changes something, comments aside. */
const BEGINS =
  /^[\s(]*(?:(?:--|\/\*|#)|(?:drop|delete|truncate|update|insert|alter|create|grant|revoke|exec|execute|call|copy|do|merge|reassign|attach|load|with|explain|select|set|reset|purge|kill|backup|install|disable|shutdown|noaudit|unload|bulk)\b)/i;
/** What a text lacks is not looked for. */
const CHANGES =
  /\b(?:drop|delete|truncate|update|alter|create|grant|revoke|exec|execute|call|copy|do|merge|reassign|attach|load|global|persist|reset|purge|kill|backup|install|disable|shutdown|noaudit|unload|bulk|outfile|dumpfile|load_file|openrowset|(?:pg|xp|sp)_\w{1,40}|dblink\w{0,40})\b/i;
/** Statements end at `;`; batches of SQL Server at a line of `GO`, those of Oracle at one of `/`. */
const ENDS = /;|\n[ \t]*(?:go|\/)[ \t\r]*(?=\n|$)|\n(?=[ \t(]*(?:drop|delete|truncate|alter|grant|revoke|update)\b)/i;

/** Whether a text holds more than one statement, by its form alone, and one of them could change something. */
export const mayHoldStatements = (text: string): boolean =>
  (text.includes(";") || text.includes("\n")) && CHANGES.test(text) && ENDS.test(text);

/** The parts of a text that could each be a statement, for what no parser reads whole: one may stand behind any words. */
export const statementsIn = (text: string): readonly string[] =>
  text.split(ENDS).filter((part) => BEGINS.test(part) && CHANGES.test(part));
