import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Revision, SUITE, scenariosOf } from "./scenarios.ts";

/** The suite's own servers would listen on every interface. */
const LOOPBACK = fileURLToPath(new URL("loopback.cjs", import.meta.url));

/** One thing that a scenario looked at. */
export interface Check {
  readonly id: string;
  readonly status: "SUCCESS" | "FAILURE" | "WARNING" | "SKIPPED" | "INFO";
  readonly message: string;
  /** What the suite saw, in the check's own terms. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** What came of one scenario. */
export interface ScenarioResult {
  readonly name: string;
  readonly scored: boolean;
  readonly checks: readonly Check[];
}

/** Runs everything that a revision asks of a server against the one at `url`. */
export async function serverSuite(url: string, revision: Revision): Promise<ScenarioResult[]> {
  const found = await run(["server", "--url", url, "--requirements", revision], {});
  return scenariosOf(revision, "server").map((scenario) => ({
    ...scenario,
    checks: found.get(`server-${scenario.name}`) ?? NOTHING,
  }));
}

export interface ClientRun {
  /** What the suite starts, with the scenario's URL behind it; split at spaces. */
  readonly command: string;
  readonly scenario: string;
  readonly revision: Revision;
  /** Handed on to the client. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Runs one scenario against a client. */
export async function clientScenario({
  command,
  scenario,
  revision,
  environment,
}: ClientRun): Promise<readonly Check[]> {
  const args = ["client", "--command", command, "--scenario", scenario, "--spec-version", revision];
  const found = await run(args, environment);
  return found.get(scenario) ?? NOTHING;
}

/** A scenario that wrote no result must not look like one in which nothing failed. */
const NOTHING: readonly Check[] = [
  { id: "no-result", status: "FAILURE", message: "the suite wrote no result", details: {} },
];

/** @returns checks by the name of the folder that the suite made for the scenario */
async function run(args: readonly string[], environment: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), "conformance-"));
  try {
    // Its exit code says whether all passed; that is for us to judge.
    const child = spawn(process.execPath, ["--require", LOOPBACK, SUITE, ...args, "-o", folder], {
      env: { ...process.env, ...environment },
      stdio: "ignore",
    });
    await once(child, "exit");
    return results(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function results(folder: string): Map<string, readonly Check[]> {
  const found = new Map<string, readonly Check[]>();
  for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    // `<name>-<time>`, where the name of an auth scenario holds a slash.
    const name = entry.match(/^(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/)?.[1];
    const file = join(folder, entry, "checks.json");
    if (name === undefined || !existsSync(file)) continue;
    const checks = JSON.parse(readFileSync(file, "utf8")) as (Pick<Check, "id" | "status"> &
      Partial<Check> & { errorMessage?: string })[];
    found.set(
      name,
      checks.map(({ id, status, errorMessage = "", details = {} }) => ({ id, status, message: errorMessage, details })),
    );
  }
  return found;
}
