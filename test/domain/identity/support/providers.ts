import type { IssuerConfig } from "../../../../lib/config/schema.ts";

/** An issuer as docs/identity.md tells an adopter to write it, and the claims of a token as it makes them. */
export interface Provider {
  readonly issuer: IssuerConfig;
  readonly claims: Readonly<Record<string, unknown>>;
}

const MCP = "https://mcp.example.com";
const times = { iat: 1_900_000_000, exp: 1_900_003_600 };
const people = {
  kind: "user",
  algorithms: ["RS256"],
  type: null,
  clockToleranceSeconds: 30,
  maxLifetime: 86_400,
} satisfies Partial<IssuerConfig>;
const workloads = { ...people, kind: "workload", type: "JWT", maxLifetime: 3600 } satisfies Partial<IssuerConfig>;

export const okta: Provider = {
  issuer: {
    ...people,
    name: "okta",
    issuer: "https://example.okta.com/oauth2/aus1",
    jwksUri: "https://example.okta.com/oauth2/aus1/v1/keys",
    audiences: [MCP],
    claims: { groups: "groups", name: "sub", person: "sub", session: null, initiator: null },
  },
  claims: {
    ...times,
    ver: 1,
    jti: "AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE",
    iss: "https://example.okta.com/oauth2/aus1",
    aud: MCP,
    cid: "0oahcid",
    uid: "00uuid",
    scp: ["openid", "offline_access"],
    auth_time: 1_899_999_000,
    sub: "Dana@Example.com",
    groups: ["Everyone", "developers"],
  },
};

const TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const DEVELOPERS = "1c5d2f1e-9a0c-4a4e-9d0a-0c9d2b9f6a11";
export const entra: Provider = {
  issuer: {
    ...people,
    name: "entra",
    issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`,
    jwksUri: `https://login.microsoftonline.com/${TENANT}/discovery/v2.0/keys`,
    audiences: ["00000000-aaaa-bbbb-cccc-000000000001"],
    require: { tid: [TENANT] },
    claims: {
      id: ["oid"],
      groups: "groups",
      groupNames: { [DEVELOPERS]: "developers" },
      name: "name",
      person: "preferred_username",
      session: "sid",
      initiator: null,
    },
  },
  claims: {
    ...times,
    aud: "00000000-aaaa-bbbb-cccc-000000000001",
    iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
    nbf: times.iat,
    azp: "00000000-aaaa-bbbb-cccc-000000000002",
    azpacr: "0",
    name: "Dana Developer",
    oid: "9f0d2c3a-1111-2222-3333-444455556666",
    preferred_username: "Dana@example.com",
    scp: "mcp.call",
    sid: "00a1b2c3-sid",
    sub: "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
    tid: TENANT,
    uti: "uti-1",
    ver: "2.0",
    groups: [DEVELOPERS, "5f0e2b9c-0000-0000-0000-000000000000"],
  },
};

export const cognito: Provider = {
  issuer: {
    ...people,
    name: "cognito",
    issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example",
    jwksUri: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example/.well-known/jwks.json",
    audiences: ["4ocognitoclient"],
    audienceClaim: "client_id",
    require: { token_use: ["access"] },
    claims: { groups: "cognito:groups", name: "username", person: null, session: "origin_jti", initiator: null },
  },
  claims: {
    ...times,
    sub: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
    "cognito:groups": ["developers", "eu-central-1_Example_SAML"],
    iss: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example",
    version: 2,
    client_id: "4ocognitoclient",
    origin_jti: "origin-1",
    token_use: "access",
    scope: "openid mcp/call",
    auth_time: times.iat,
    jti: "jti-1",
    username: "SAML_dana@example.com",
  },
};

export const auth0: Provider = {
  issuer: {
    ...people,
    name: "auth0",
    issuer: "https://example.eu.auth0.com/",
    jwksUri: "https://example.eu.auth0.com/.well-known/jwks.json",
    type: "at+jwt",
    audiences: [MCP],
    claims: {
      groups: "https://example.com/groups",
      name: "https://example.com/email",
      person: "https://example.com/email",
      session: null,
      initiator: null,
    },
  },
  claims: {
    ...times,
    iss: "https://example.eu.auth0.com/",
    sub: "auth0|5f7c8ec7c33c6c004bbafe82",
    aud: [MCP, "https://example.eu.auth0.com/userinfo"],
    client_id: "auth0client",
    jti: "jti-auth0",
    scope: "openid profile",
    "https://example.com/groups": ["developers"],
    "https://example.com/email": "Dana@example.com",
  },
};

export const keycloak: Provider = {
  issuer: {
    ...people,
    name: "keycloak",
    issuer: "https://keycloak.example.com/realms/company",
    jwksUri: "https://keycloak.example.com/realms/company/protocol/openid-connect/certs",
    audiences: [MCP],
    require: { typ: ["Bearer"] },
    claims: { groups: ["realm_access", "roles"], name: "name", person: "email", session: "sid", initiator: null },
  },
  claims: {
    ...times,
    auth_time: times.iat,
    jti: "onrtac:1",
    iss: "https://keycloak.example.com/realms/company",
    aud: [MCP, "account"],
    sub: "f:1:dana",
    typ: "Bearer",
    azp: "mcp-client",
    sid: "sid-keycloak",
    acr: "1",
    realm_access: { roles: ["default-roles-company", "developers"] },
    groups: ["/engineering/developers", "/everybody"],
    scope: "openid email profile",
    email_verified: true,
    name: "Dana Developer",
    email: "dana@example.com",
  },
};

export const github: Provider = {
  issuer: {
    ...workloads,
    name: "github",
    issuer: "https://token.actions.githubusercontent.com",
    jwksUri: "https://token.actions.githubusercontent.com/.well-known/jwks",
    audiences: [MCP],
    claims: {
      id: ["repository", "workflow", "run_id", "check_run_id"],
      groups: null,
      name: "workflow",
      person: null,
      session: "run_id",
      initiator: "actor",
      policy: ["repository", "job_workflow_ref", "ref"],
    },
  },
  claims: {
    ...times,
    jti: "example-id",
    sub: "repo:octo-org/octo-repo:environment:prod",
    environment: "prod",
    aud: MCP,
    ref: "refs/heads/main",
    sha: "example-sha",
    repository: "octo-org/octo-repo",
    repository_owner: "octo-org",
    actor_id: "12",
    repository_id: "74",
    run_id: "9911",
    run_number: "10",
    run_attempt: "2",
    check_run_id: "55001",
    runner_environment: "github-hosted",
    actor: "octocat",
    workflow: "deploy: prod",
    event_name: "workflow_dispatch",
    ref_type: "branch",
    job_workflow_ref: "octo-org/octo-automation/.github/workflows/oidc.yml@refs/heads/main",
    iss: "https://token.actions.githubusercontent.com",
  },
};

export const gitlab: Provider = {
  issuer: {
    ...workloads,
    name: "gitlab",
    issuer: "https://gitlab.com",
    jwksUri: "https://gitlab.com/oauth/discovery/keys",
    audiences: [MCP],
    claims: {
      id: ["project_path", "ci_config_ref_uri", "pipeline_id", "job_id"],
      groups: null,
      name: "project_path",
      person: null,
      session: "pipeline_id",
      initiator: "user_email",
      policy: ["project_path", "ref", "ref_protected"],
    },
  },
  claims: {
    ...times,
    namespace_id: "72",
    namespace_path: "my-group",
    project_id: "20",
    project_path: "my-group/my-project",
    user_id: "1",
    user_login: "sample-user",
    user_email: "sample-user@example.com",
    pipeline_id: "574",
    pipeline_source: "push",
    job_id: "302",
    ref: "main",
    ref_type: "branch",
    ref_protected: "true",
    runner_id: 1,
    ci_config_ref_uri: "gitlab.com/my-group/my-project//.gitlab-ci.yml@refs/heads/main",
    jti: "235b3a54-b797-45c7-ae9a-f72d7bc6ef5b",
    iss: "https://gitlab.com",
    sub: "project_path:my-group/my-project:ref_type:branch:ref:main",
    aud: MCP,
  },
};

const CIRCLE = "11111111-2222-3333-4444-555555555555";
export const circleci: Provider = {
  issuer: {
    ...workloads,
    name: "circleci",
    issuer: `https://oidc.circleci.com/org/${CIRCLE}`,
    jwksUri: `https://oidc.circleci.com/org/${CIRCLE}/.well-known/jwks-pub.json`,
    audiences: [CIRCLE],
    require: { "oidc.circleci.com/ssh-rerun": null },
    claims: {
      id: [
        "oidc.circleci.com/project-id",
        "oidc.circleci.com/pipeline-definition-id",
        "oidc.circleci.com/workflow-id",
        "oidc.circleci.com/job-id",
      ],
      groups: null,
      name: "oidc.circleci.com/vcs-origin",
      person: null,
      session: "oidc.circleci.com/workflow-id",
      initiator: null,
      policy: ["oidc.circleci.com/vcs-origin", "oidc.circleci.com/vcs-ref"],
    },
  },
  claims: {
    ...times,
    aud: CIRCLE,
    iss: `https://oidc.circleci.com/org/${CIRCLE}`,
    sub: `org/${CIRCLE}/project/p1/user/u1`,
    "oidc.circleci.com/context-ids": ["c1"],
    "oidc.circleci.com/project-id": "p1",
    "oidc.circleci.com/pipeline-definition-id": "d1",
    "oidc.circleci.com/pipeline-id": "pl1",
    "oidc.circleci.com/workflow-id": "w1",
    "oidc.circleci.com/job-id": "j1",
    "oidc.circleci.com/ssh-rerun": false,
    "oidc.circleci.com/vcs-origin": "github.com/my-org/my-repo",
    "oidc.circleci.com/vcs-ref": "refs/heads/main",
  },
};

export const kubernetes: Provider = {
  issuer: {
    ...workloads,
    name: "cluster",
    type: null,
    issuer: "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE",
    jwksUri: null,
    jwks: { keys: [{ kty: "RSA", kid: "cluster-key", n: "AQAB", e: "AQAB" }] },
    audiences: [MCP],
    claims: {
      groups: null,
      name: ["kubernetes.io", "pod", "name"],
      person: null,
      session: ["kubernetes.io", "pod", "uid"],
      initiator: null,
      policy: ["kubernetes.io"],
    },
  },
  claims: {
    ...times,
    nbf: times.iat,
    jti: "ea28ed49-2e11-4280-9ec5-bc3d1d84661a",
    iss: "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE",
    aud: [MCP],
    sub: "system:serviceaccount:agents:release-agent",
    "kubernetes.io": {
      namespace: "agents",
      node: { name: "node-1", uid: "n-1" },
      pod: { name: "release-agent-7d9", uid: "5e0bd49b-f040-43b0-99b7-22765a53f7f3" },
      serviceaccount: { name: "release-agent", uid: "14ee3fa4-a7e2-420f-9f9a-dbc4507c3798" },
    },
  },
};

export const spiffe: Provider = {
  issuer: {
    ...workloads,
    name: "mesh",
    type: null,
    issuer: "https://spire.example.org",
    jwksUri: "https://spire.example.org/keys",
    algorithms: ["ES256"],
    audiences: [MCP],
    claims: { groups: null, name: null, person: null, session: null, initiator: null },
  },
  claims: {
    ...times,
    aud: [MCP],
    iss: "https://spire.example.org",
    sub: "spiffe://example.org/ns/agents/sa/release-agent",
  },
};
