import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

/** The revisions whose frozen requirement sets are run, each at its own wire. */
export const REVISIONS = ["2025-11-25", "2026-07-28"] as const;
export type Revision = (typeof REVISIONS)[number];

/** A scenario of the suite; `server` ones test a server, `client` ones a client. */
export interface Scenario {
  readonly name: string;
  /** Part of what the revision requires. The others, such as extensions, are run and reported. */
  readonly scored: boolean;
}

/** The suite as it was installed. */
export const SUITE = fileURLToPath(import.meta.resolve("@modelcontextprotocol/conformance/dist/index.js"));

interface Requirements {
  readonly server: readonly string[];
  readonly client: readonly string[];
  readonly not_scored: readonly { readonly scenario: string; readonly leg: string }[];
}

/** All that the suite runs for a revision, so that a scenario which left no result is missed. */
export function scenariosOf(revision: Revision, leg: "server" | "client"): Scenario[] {
  const file = new URL(
    `../requirements/${revision}.yaml`,
    import.meta.resolve("@modelcontextprotocol/conformance/dist/index.js"),
  );
  const requirements = parse(readFileSync(file, "utf8")) as Requirements;
  const others = requirements.not_scored.filter((entry) => entry.leg === leg);
  return [
    ...requirements[leg].map((name) => ({ name, scored: true })),
    ...others.map(({ scenario }) => ({ name: scenario, scored: false })),
  ];
}
