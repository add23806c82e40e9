import { type AuthFront, startAuthFront } from "./auth-front.ts";
import { WITHOUT_MEANING } from "./auth-scenarios.ts";
import { CLIENT } from "./client-command.ts";
import { compare } from "./compare.ts";
import { REVISIONS, type Revision, type Scenario, scenariosOf } from "./scenarios.ts";
import type { SuiteComparison } from "./server-suites.ts";
import { type Check, clientScenario, type ScenarioResult } from "./suite.ts";

/** Runs the auth scenarios that have a meaning behind a gateway, with the gateway as the resource server. */
export async function compareAuthSuites(): Promise<SuiteComparison[]> {
  const front = await startAuthFront();
  try {
    const suites: SuiteComparison[] = [];
    for (const revision of REVISIONS) {
      const list = scenariosOf(revision, "client").filter(
        ({ name }) => name.startsWith("auth/") && !WITHOUT_MEANING.has(name),
      );
      const direct: ScenarioResult[] = [];
      const through: ScenarioResult[] = [];
      for (const scenario of list) {
        direct.push(await directly(scenario, revision));
        through.push(await throughGateway(scenario, revision, front));
      }
      suites.push({ leg: "auth", revision, scenarios: compare(direct, through) });
    }
    return suites;
  } finally {
    await front.stop();
  }
}

async function directly(scenario: Scenario, revision: Revision): Promise<ScenarioResult> {
  const run = { command: CLIENT, scenario: scenario.name, revision, environment: {} };
  return { ...scenario, checks: await clientScenario(run) };
}

async function throughGateway(scenario: Scenario, revision: Revision, front: AuthFront): Promise<ScenarioResult> {
  const environment = { CONFORMANCE_VIA: front.url, CONFORMANCE_AIM: front.aim };
  const checks = await clientScenario({ command: CLIENT, scenario: scenario.name, revision, environment });
  return { ...scenario, checks: checks.map((check) => againstGateway(check, front.told())) };
}

/**
 * The scenario compares the `resource` that the client asked a token for with its own metadata, which the client never
 * saw: it is compared with the gateway's metadata instead.
 */
function againstGateway(check: Check, told: string | undefined): Check {
  if (check.id !== "resource-parameter-matches-prm") return check;
  const { authorizationResource, tokenResource } = check.details;
  const matches = told !== undefined && authorizationResource === told && tokenResource === told;
  return {
    ...check,
    status: matches ? "SUCCESS" : "FAILURE",
    message: matches
      ? ""
      : `the metadata names ${told}, the client asked for ${authorizationResource} and ${tokenResource}`,
  };
}
