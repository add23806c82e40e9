const SIMPLE: Readonly<Record<string, string>> = {
  string: "VARCHAR",
  int: "INTEGER",
  bigint: "BIGINT",
  boolean: "BOOLEAN",
};

/** A Glue column type in DuckDB's words: `array<struct<a:string>>` becomes `STRUCT("a" VARCHAR)[]`. */
export function duckType(glue: string): string {
  const simple = SIMPLE[glue];
  if (simple !== undefined) return simple;
  const array = glue.match(/^array<(.*)>$/)?.[1];
  if (array !== undefined) return `${duckType(array)}[]`;
  const map = glue.match(/^map<(.*)>$/)?.[1];
  if (map !== undefined) return `MAP(${splitTop(map).map(duckType).join(", ")})`;
  const struct = glue.match(/^struct<(.*)>$/)?.[1];
  if (struct === undefined) throw new Error(`no DuckDB type for ${glue}`);
  const fields = splitTop(struct).map((field) => {
    const colon = field.indexOf(":");
    return `"${field.slice(0, colon)}" ${duckType(field.slice(colon + 1))}`;
  });
  return `STRUCT(${fields.join(", ")})`;
}

/** Splits at the commas that are in no angle brackets. */
function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "<") depth += 1;
    if (text[at] === ">") depth -= 1;
    if (text[at] === "," && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
