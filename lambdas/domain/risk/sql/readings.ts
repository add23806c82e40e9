/** Operators nest a tree of PostgreSQL's parser, whose stack is not ours to lengthen. */
const MOST_OPERATORS = 400;
const DEEPEST = 100;

/**
 * The ways in which databases read a text: as PostgreSQL and, where it differs, as MySQL and SQL Server do, spelled as
 * PostgreSQL would. What one database takes for a string or a comment, another runs.
 */
export function readingsOf(text: string): readonly string[] {
  const readings = [text, asMySql(text)];
  if (text.includes("[")) readings.push(text.replace(/\[([\w $#@-]{1,128})\]/g, '"$1"'));
  return [...new Set(readings)];
}

/** Quotes and comments of MySQL; each ends at the text's end when nothing else ends it, so that it takes linear time. */
const MYSQL =
  /'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|"(?:[^"\\]|\\[\s\S]|"")*(?:"|$)|`[^`]*(?:`|$)|\/\*(M?!\d*)?|\*\/|--(?!\s|$)|--[^\n]*|#[^\n]*/g;

function asMySql(text: string): string {
  let commentUntil = 0;
  return text.replace(MYSQL, (part: string, executable: string | undefined, at: number) => {
    if (at < commentUntil) return part.startsWith("/*") ? "  " : part;
    if (part.startsWith("/*")) {
      // `/*! … */` runs, and no comment holds another.
      if (executable !== undefined) return " ";
      const end = text.indexOf("*/", at + 2);
      commentUntil = end === -1 ? text.length : end;
      return part;
    }
    if (part === "*/") return at === commentUntil && commentUntil > 0 ? part : " ";
    if (part === "--") return "- -";
    if (part.startsWith("#")) return `--${part.slice(1)}`;
    if (part.startsWith("`")) return `"${part.slice(1, -1).replaceAll('"', "_")}"`;
    if (part.startsWith('"')) return `'${part.slice(1, -1).replaceAll("'", "''")}'`;
    return part.startsWith("'") ? part.replace(/\\[\s\S]/g, (pair) => (pair === "\\'" ? "''" : "__")) : part;
  });
}

/** Whether the lexer can take it: comments in comments cost it the square of their depth. */
export function hasFewComments(text: string): boolean {
  let depth = 0;
  for (const [part] of text.matchAll(/\/\*|\*\//g)) {
    depth = Math.max(0, depth + (part === "/*" ? 1 : -1));
    if (depth > DEEPEST) return false;
  }
  return true;
}

/** Whether the parser can take it: deep nesting would exhaust its stack. */
export function isShallow(text: string): boolean {
  let operators = 0;
  let depth = 0;
  for (const [part] of text.matchAll(/[()[\];]|[-+*/%<>=~!@#&|^?]+|\b(?:not|union|except|intersect|case|or|and)\b/gi)) {
    if (part === "(" || part === "[") depth += 1;
    else if (part === ")" || part === "]") depth -= 1;
    else if (part === ";") operators = 0;
    else operators += 1;
    if (operators > MOST_OPERATORS || depth > DEEPEST) return false;
  }
  return true;
}
