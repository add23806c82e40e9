import { randomBytes } from "node:crypto";
import { startBehindGateway } from "./behind-gateway.ts";
import { CLIENT } from "./client-command.ts";
import { compare } from "./compare.ts";
import { startRelay } from "./relay.ts";
import { REVISIONS, type Revision, type Scenario, scenariosOf } from "./scenarios.ts";
import type { SuiteComparison } from "./server-suites.ts";
import { clientScenario, type ScenarioResult } from "./suite.ts";

/** Runs the client scenarios about the wire, with the scenario's server called directly and through the gateway. */
export async function compareClientSuites(): Promise<SuiteComparison[]> {
  const wire = (revision: Revision) => scenariosOf(revision, "client").filter(({ name }) => !name.startsWith("auth/"));
  const direct = new Map<Revision, ScenarioResult[]>();
  for (const revision of REVISIONS) direct.set(revision, await scenarios(wire(revision), revision, {}));

  const through = new Map<Revision, ScenarioResult[]>();
  const credential = randomBytes(24).toString("base64url");
  const relay = await startRelay(credential);
  try {
    const behind = await startBehindGateway([{ name: "relay", url: relay.url, credential, push: true }]);
    try {
      const environment = { CONFORMANCE_VIA: behind.urlOf("relay"), CONFORMANCE_AIM: relay.aim };
      for (const revision of REVISIONS) through.set(revision, await scenarios(wire(revision), revision, environment));
    } finally {
      await behind.stop();
    }
  } finally {
    await relay.stop();
  }
  return REVISIONS.map((revision) => ({
    leg: "client",
    revision,
    scenarios: compare(direct.get(revision) ?? [], through.get(revision) ?? []),
  }));
}

/** One after the other: the relay stands for one server at a time. */
async function scenarios(
  list: readonly Scenario[],
  revision: Revision,
  environment: Readonly<Record<string, string>>,
): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  for (const scenario of list)
    results.push({
      ...scenario,
      checks: await clientScenario({ command: CLIENT, scenario: scenario.name, revision, environment }),
    });
  return results;
}
