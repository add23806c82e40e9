import { describe, expect, test } from "vitest";
import { checkClaims } from "../../../lambdas/domain/identity/check-claims.ts";
import type { Principal } from "../../../lambdas/domain/identity/principal.ts";
import { principalOfClaims } from "../../../lambdas/domain/identity/principal-of-claims.ts";
import { resourcesOf } from "../../../lambdas/domain/identity/resources.ts";
import {
  auth0,
  circleci,
  cognito,
  entra,
  github,
  gitlab,
  keycloak,
  kubernetes,
  okta,
  type Provider,
  spiffe,
} from "./support/providers.ts";

const GROUPS = ["developers", "auditors"];
const NOW = 1_900_000_100;
const OURS = "https://countersign.example.com";
const RESOURCES = resourcesOf(OURS, [{ name: "ops" }]);

/** Claims as they pass all checks and become a principal. */
function enter({ issuer, claims }: Provider, change: object = {}, configured: object = {}): Principal {
  const changed = { ...claims, ...change };
  const own = { ...issuer, claims: { ...issuer.claims, ...configured } };
  checkClaims(changed, own, own.audiences, RESOURCES, NOW);
  return principalOfClaims(changed, own, GROUPS);
}
const unusable = (message: RegExp) =>
  expect.objectContaining({ code: "token_invalid", message: expect.stringMatching(message) });

describe("tokens of people", () => {
  const cases: [string, Provider, Partial<Principal>][] = [
    [
      "Okta: the client in cid, scopes as a list",
      okta,
      {
        id: "okta|Dana@Example.com",
        person: "dana@example.com",
        client: "0oahcid",
        groups: ["developers"],
        signIn: "AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE",
        scopes: ["openid", "offline_access"],
        authTime: 1_899_999_000,
      },
    ],
    [
      "Entra ID: the object id names the person, groups are object ids",
      entra,
      {
        id: "entra|9f0d2c3a-1111-2222-3333-444455556666",
        name: "Dana Developer",
        person: "dana@example.com",
        client: "00000000-aaaa-bbbb-cccc-000000000002",
        groups: ["developers"],
        signIn: "00a1b2c3-sid",
        scopes: ["mcp.call"],
      },
    ],
    [
      "Cognito: the client in place of the audience",
      cognito,
      {
        id: "cognito|aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        name: "SAML_dana@example.com",
        client: "4ocognitoclient",
        groups: ["developers"],
        signIn: "origin-1",
      },
    ],
    [
      "Auth0: claims under the namespace of a URL",
      auth0,
      {
        id: "auth0|auth0|5f7c8ec7c33c6c004bbafe82",
        person: "dana@example.com",
        client: "auth0client",
        groups: ["developers"],
      },
    ],
    [
      "Keycloak: the realm's roles within a claim",
      keycloak,
      { id: "keycloak|f:1:dana", person: "dana@example.com", groups: ["developers"], signIn: "sid-keycloak" },
    ],
  ];
  test.each(cases)("%s", (_, provider, expected) => {
    expect(enter(provider)).toMatchObject({ kind: "user", ...expected });
  });

  test.each<[string, unknown]>([
    ["the gateway", OURS],
    ["the gateway, with the slash of an origin", `${OURS}/`],
    ["a server", `${OURS}/mcp/ops`],
    ["both", [OURS, `${OURS}/mcp/ops`]],
  ])("Cognito's token that was asked for by the resource of %s is accepted", (_, aud) => {
    expect(enter(cognito, { aud }).client).toBe("4ocognitoclient");
  });

  test("Entra's first version names the client in appid", () => {
    expect(enter(entra, { azp: undefined, appid: "app-1" }).client).toBe("app-1");
  });

  test("Keycloak's groups are paths, which the configuration gives names", () => {
    const groupNames = { "/engineering/developers": "developers" };
    expect(enter(keycloak, {}, { groups: "groups", groupNames }).groups).toEqual(["developers"]);
    // A path is not cut: a group of that name anywhere else is another group.
    expect(enter(keycloak, { groups: ["/guests/developers"] }, { groups: "groups", groupNames }).groups).toEqual([]);
  });

  test("where groups are given names, no other name counts, not even the gateway's own", () => {
    expect(enter(entra, { groups: ["developers", "auditors", "constructor", "__proto__"] }).groups).toEqual([]);
  });

  test("a person without groups has none", () => {
    for (const provider of [okta, cognito, auth0])
      expect(
        enter(provider, { groups: undefined, "cognito:groups": undefined, "https://example.com/groups": null }),
      ).toMatchObject({ groups: [] });
  });

  test.each<[string, object]>([
    ["the claim's source named elsewhere", { _claim_names: { groups: "src1" }, _claim_sources: { src1: {} } }],
    ["the flag of the implicit flow", { hasgroups: true }],
    ["the same as a text", { hasgroups: "true" }],
  ])("Entra's group overage is told clearly: %s", (_, change) => {
    expect(() => enter(entra, { groups: undefined, ...change })).toThrow(
      unusable(/too many.*assigned to the application/),
    );
  });

  test("overage of another claim concerns nobody", () => {
    expect(enter(entra, { _claim_names: { src: "src1" } }).groups).toEqual(["developers"]);
  });

  test.each<[string, Provider, object, string]>([
    ["Cognito's ID token", cognito, { token_use: "id", aud: "4ocognitoclient", client_id: undefined }, "audience"],
    ["Cognito's ID token that names the client", cognito, { token_use: "id" }, "claims"],
    ["Cognito's token of another client", cognito, { client_id: "other" }, "audience"],
    [
      "Cognito's token with our client as audience alone",
      cognito,
      { client_id: undefined, aud: "4ocognitoclient" },
      "audience",
    ],
    ["Cognito's token for another MCP server", cognito, { aud: "https://evil.example/mcp" }, "audience"],
    ["Cognito's token for ours and another", cognito, { aud: [OURS, "https://evil.example"] }, "audience"],
    ["Cognito's token for a name that ours begins", cognito, { aud: `${OURS}.evil.example` }, "audience"],
    ["Cognito's token for a path of ours that is no server", cognito, { aud: `${OURS}/mcp/other` }, "audience"],
    ["Cognito's token for nothing", cognito, { aud: [] }, "audience"],
    ["Cognito's token for what is no text", cognito, { aud: null }, "audience"],
    ["Keycloak's ID token", keycloak, { typ: "ID" }, "claims"],
    ["Keycloak's refresh token", keycloak, { typ: "Refresh" }, "claims"],
    ["Entra's token of another tenant", entra, { tid: "other" }, "claims"],
  ])("refuses %s", (_, provider, change, fault) => {
    expect(() => enter(provider, change)).toThrow(expect.objectContaining({ name: "TokenRefused", fault }));
  });
});

describe("tokens of workloads", () => {
  const cases: [string, Provider, Partial<Principal>][] = [
    [
      "GitHub Actions: repository, workflow, run and job",
      github,
      {
        id: "github|octo-org/octo-repo:deploy%3A prod:9911:55001",
        subject: "repo:octo-org/octo-repo:environment:prod",
        name: "deploy: prod",
        signIn: "9911",
        initiator: "octocat",
        claims: {
          repository: "octo-org/octo-repo",
          job_workflow_ref: "octo-org/octo-automation/.github/workflows/oidc.yml@refs/heads/main",
          ref: "refs/heads/main",
        },
      },
    ],
    [
      "GitLab CI: project, configuration, pipeline and job",
      gitlab,
      {
        id: "gitlab|my-group/my-project:gitlab.com/my-group/my-project//.gitlab-ci.yml@refs/heads/main:574:302",
        signIn: "574",
        initiator: "sample-user@example.com",
      },
    ],
    ["CircleCI: project, pipeline, workflow and job", circleci, { id: "circleci|p1:d1:w1:j1", signIn: "w1" }],
    [
      "a service account of Kubernetes, whose session is its pod",
      kubernetes,
      {
        id: "cluster|system:serviceaccount:agents:release-agent",
        name: "release-agent-7d9",
        signIn: "5e0bd49b-f040-43b0-99b7-22765a53f7f3",
      },
    ],
    [
      "a JWT-SVID of SPIFFE",
      spiffe,
      { id: "mesh|spiffe://example.org/ns/agents/sa/release-agent", signIn: "|1900000000" },
    ],
  ];
  test.each(cases)("%s", (_, provider, expected) => {
    expect(enter(provider)).toMatchObject({ kind: "workload", person: null, groups: [], ...expected });
  });

  test.each<[string, Provider, object]>([
    ["another job of the same run", github, { check_run_id: "55002" }],
    ["another run of the same workflow", github, { run_id: "9912" }],
    ["another workflow", github, { workflow: "test" }],
    ["another job of a pipeline", gitlab, { job_id: "303" }],
    ["another job of a workflow", circleci, { "oidc.circleci.com/job-id": "j2" }],
  ])("%s is another principal", (_, provider, change) => {
    expect(enter(provider, change).id).not.toBe(enter(provider).id);
  });

  test("a workflow cannot be named so that it passes for another job", () => {
    const posing = enter(github, { workflow: "deploy: prod:9911", run_id: "55001", check_run_id: "1" });
    const real = enter(github, { workflow: "deploy: prod", run_id: "9911", check_run_id: "55001:1" });
    expect(posing.id).not.toBe(real.id);
    expect(enter(github, { workflow: "a%3Ab" }).id).not.toBe(enter(github, { workflow: "a:b" }).id);
    expect(enter(github, { repository: "x|github" }).id).toBe("github|x%7Cgithub:deploy%3A prod:9911:55001");
  });

  test.each<[string, object]>([
    ["missing", { check_run_id: undefined }],
    ["empty", { check_run_id: "" }],
    ["null", { check_run_id: null }],
  ])("a token that lacks a part of its principal's name names nobody (%s)", (_, change) => {
    expect(() => enter(github, change)).toThrow(unusable(/^the token lacks the claim check_run_id$/));
  });

  test("a member within a claim is told by its whole path", () => {
    const odd = { "kubernetes.io": { pod: { name: ["a"], uid: "u" } } };
    expect(() => enter(kubernetes, odd)).toThrow(unusable(/^the claim kubernetes\.io > pod > name is not a text$/));
  });

  test("a service account's token of another audience, such as the cluster's own, is refused", () => {
    expect(() => enter(kubernetes, { aud: ["https://kubernetes.default.svc"] })).toThrow(
      expect.objectContaining({ fault: "audience" }),
    );
  });
});
