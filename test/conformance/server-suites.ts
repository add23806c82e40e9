import { randomBytes } from "node:crypto";
import { startReference } from "../fixtures/reference/reference.ts";
import { startBehindGateway } from "./behind-gateway.ts";
import { type Comparison, compare } from "./compare.ts";
import { REVISIONS, type Revision } from "./scenarios.ts";
import { type ScenarioResult, serverSuite } from "./suite.ts";

/** A revision's scenarios, direct and through the gateway. */
export interface SuiteComparison {
  readonly leg: "server" | "client" | "auth";
  readonly revision: Revision;
  readonly scenarios: readonly Comparison[];
}

/** Runs the server scenarios of every revision against the reference server, directly and through the gateway. */
export async function compareServerSuites(): Promise<SuiteComparison[]> {
  const direct = await directly();
  const through = await throughGateway();
  return REVISIONS.map((revision) => ({
    leg: "server",
    revision,
    scenarios: compare(direct.get(revision) ?? [], through.get(revision) ?? []),
  }));
}

async function directly() {
  const reference = await startReference();
  try {
    return await suites(reference.url);
  } finally {
    await reference.stop();
  }
}

async function throughGateway() {
  const credential = randomBytes(24).toString("base64url");
  const reference = await startReference({ credential });
  try {
    const behind = await startBehindGateway([{ name: "reference", url: reference.url, credential, push: true }]);
    try {
      return await suites(behind.urlOf("reference"));
    } finally {
      await behind.stop();
    }
  } finally {
    await reference.stop();
  }
}

async function suites(url: string): Promise<Map<Revision, ScenarioResult[]>> {
  const results = new Map<Revision, ScenarioResult[]>();
  // One after the other: scenarios of 2026-07-28 watch changes that another run would trigger.
  for (const revision of REVISIONS) results.set(revision, await serverSuite(url, revision));
  return results;
}
