import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";

/** Runs all tests and closes with one line, `N passed, N failed`, taken from the runner's own report. */
const REPORT = "test/results/vitest.json";
rmSync(REPORT, { force: true });
const { status } = spawnSync("vitest", ["run", ...process.argv.slice(2)], { stdio: "inherit" });

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { status: string }[];
  }[];
}

/** Files that fail outside any test, such as while their surroundings start: the runner counts their tests as nothing. */
const brokenFiles = ({ testResults }: Report) =>
  testResults.filter(
    ({ status: of, assertionResults }) => of === "failed" && assertionResults.every((test) => test.status !== "failed"),
  ).length;

try {
  const report = JSON.parse(readFileSync(REPORT, "utf8")) as Report;
  const skipped = report.numPendingTests > 0 ? `, ${report.numPendingTests} skipped` : "";
  process.stdout.write(
    `${report.numPassedTests} passed, ${report.numFailedTests + brokenFiles(report)} failed${skipped}\n`,
  );
  process.exitCode = status === 0 && report.numPassedTests > 0 ? 0 : 1;
} catch {
  process.stdout.write("0 passed, 1 failed\n");
  process.exitCode = 1;
}
