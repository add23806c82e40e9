import { visible } from "./visible.ts";

/** Rows as a text table; what could steer the terminal is shown by its name. */
export function table(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const [first] = rows;
  if (first === undefined) return "(no rows)";
  const names = Object.keys(first);
  const cells = rows.map((row) => names.map((name) => show(row[name])));
  const widths = names.map((name, at) => Math.max(name.length, ...cells.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd();
  return [line(names), line(widths.map((width) => "-".repeat(width))), ...cells.map(line)].join("\n");
}

const show = (value: unknown): string =>
  value === null || value === undefined
    ? ""
    : visible(typeof value === "object" ? JSON.stringify(value) : String(value));
