import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { relative } from "node:path";

/**
 * Runs all tests and closes with one line, `N passed, N failed`, taken from the runner's own report.
 *
 * The tests drive real parts on two cores, and a busy machine can make a real wait run out. So a few failing files are run
 * once more, alone, and named: what passes then was the machine, what fails again is a fault.
 */
const REPORT = "test/results/vitest.json";
/** Files that may be run again. More than these are no accident. */
const MOST_AGAIN = 4;

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** A run without a report has no files. One that complains although no file failed met an error outside all of them. */
function run(args: readonly string[]): { readonly files: Report["testResults"]; readonly complains: boolean } {
  rmSync(REPORT, { force: true });
  const { status } = spawnSync("vitest", ["run", ...args], { stdio: "inherit" });
  const complains = status !== 0;
  try {
    return { files: (JSON.parse(readFileSync(REPORT, "utf8")) as Report).testResults, complains };
  } catch {
    return { files: [], complains };
  }
}

const tests = (files: Report["testResults"], status: string) =>
  files.flatMap(({ assertionResults }) => assertionResults).filter((test) => test.status === status).length;

/** Files that fail outside any test, such as while their surroundings start, count as one: the runner counts them as nothing. */
const failures = (files: Report["testResults"]) =>
  files.reduce((sum, file) => sum + (file.status === "failed" ? Math.max(1, tests([file], "failed")) : 0), 0);

let { files, complains } = run(process.argv.slice(2));
const failing = files.filter(({ status }) => status === "failed");
if (failing.length > 0 && failing.length <= MOST_AGAIN) {
  const names = failing.map(({ name }) => relative(".", name));
  process.stdout.write(`\nonce more, alone: ${names.join(", ")}\n`);
  const again = run(["--no-file-parallelism", ...names]);
  files = [...files.filter((file) => !failing.includes(file)), ...again.files];
  complains = again.complains;
  const mended = again.files.filter(({ status }) => status === "passed").map(({ name }) => relative(".", name));
  if (mended.length > 0) process.stdout.write(`failed at first and passed alone: ${mended.join(", ")}\n`);
}

const passed = tests(files, "passed");
const failed = Math.max(failures(files), complains || passed === 0 ? 1 : 0);
const skipped = tests(files, "skipped") + tests(files, "pending");
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
process.exitCode = failed === 0 ? 0 : 1;
