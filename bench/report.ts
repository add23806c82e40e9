import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";

const FOLDER = "bench/results";

/** One measured value. Without a target it only informs, and passes. */
export interface Metric {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target: number | null;
  readonly better: "lower" | "higher";
  readonly pass: boolean;
}

export interface Report {
  readonly suite: string;
  /** RFC 3339. */
  readonly at: string;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly metrics: readonly Metric[];
}

/** A metric that says by itself whether it holds: strictly under its target, or strictly over it. */
export function metric(
  name: string,
  value: number,
  unit: string,
  target: number | null = null,
  better: Metric["better"] = "lower",
): Metric {
  const pass = target === null || (better === "lower" ? value < target : value > target);
  return { name, value, unit, target, better, pass };
}

export function reportOf(suite: string, metrics: readonly Metric[]): Report {
  const [cpu] = cpus();
  const machine = {
    cpu: cpu?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
  };
  return { suite, at: new Date().toISOString(), machine, metrics };
}

/** @returns path of the file */
export function writeReport(report: Report): string {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `${report.suite}.json`);
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}

/** The report as people read it. */
export function table({ suite, machine, metrics }: Report): string {
  const rows = metrics.map((entry) => [
    entry.name,
    `${rounded(entry.value)} ${entry.unit}`,
    entry.target === null ? "" : `${entry.better === "lower" ? "<" : ">"} ${entry.target}`,
    entry.target === null ? "" : entry.pass ? "pass" : "MISSED",
  ]);
  const all = [[`${suite} (${machine.cpu}, ${machine.cores} cores)`, "value", "target", ""], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  ");
  return `${all.map((row) => line(row).trimEnd()).join("\n")}\n`;
}

const rounded = (value: number) =>
  Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
