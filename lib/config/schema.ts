import * as z from "zod";
import { UNMADE, withPool } from "../../lambdas/domain/identity/pool.ts";
import { MOST_HELD, RESERVED } from "../../lambdas/gateway/concurrency.ts";
import { credential } from "./credential.ts";
import { credentialProblems } from "./credential-problems.ts";
import { duration, durationUpTo } from "./duration.ts";
import { exported } from "./export.ts";
import { addresses, authority, network } from "./network.ts";
import { networkProblems } from "./network-problems.ts";
import { registration, registrationProblems } from "./registration.ts";
import { replication } from "./replication.ts";
import { saml, samlProblems } from "./saml.ts";
import { absoluteUrl, secureUrl } from "./urls.ts";

/** A name that is safe in a URL path, a resource name and a Cedar id. */
const shortName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, "a lower-case name of letters, digits and dashes, 32 at most");
const bareOrigin = secureUrl.refine(
  (text) => new URL(text).origin === text,
  "an origin: no path and no slash at the end",
);
const email = z.email();

/** The claim of that name, dots and all; or, as a list, a member of a claim: `[realm_access, roles]`. */
const claimName = z.union([z.string().min(1), z.array(z.string().min(1)).min(2)]);

const claims = z.strictObject({
  id: z
    .array(claimName)
    .min(1)
    .optional()
    .describe(
      "Claims that together name the principal, such as repository, workflow, run_id and check_run_id, so that each job is its own; left out: sub",
    ),
  groups: claimName.nullable().describe("Claim that lists the groups; null when the issuer has none"),
  groupNames: z
    .record(z.string().min(1), z.string().min(1))
    .optional()
    .describe(
      "What this issuer calls a group (an object id of Entra ID, a path of Keycloak), and the group it is here; others are ignored. Left out: both are called the same",
    ),
  name: claimName.nullable().describe("Claim with a name to show people; never used to decide"),
  person: claimName
    .nullable()
    .describe(
      "Verified claim that is equal for one person at every issuer, such as email; compared to refuse self-approval",
    ),
  session: claimName
    .nullable()
    .describe("Claim that names the sign-in or the job run (sid, run_id); null: the token's jti"),
  initiator: claimName.nullable().describe("Claim of a workload's token that names the person who started it"),
  policy: z
    .array(z.string().min(1))
    .optional()
    .describe("Claims that policies may look at (context.claims), such as repository; records hold them too"),
});

const issuer = z.strictObject({
  name: shortName,
  kind: z.enum(["user", "workload"]).describe("Whether this issuer's tokens stand for people or for workloads"),
  issuer: secureUrl.describe("The exact `iss` of its tokens"),
  jwksUri: secureUrl.nullable().describe("Where its key set is; null when the set stands in `jwks`"),
  jwks: z
    .strictObject({
      keys: z.array(z.looseObject({ kty: z.enum(["RSA", "EC", "OKP"]), kid: z.string().min(1) })).min(1),
    })
    .optional()
    .describe("Its key set itself, for an issuer that the gateway cannot reach, such as a private cluster"),
  algorithms: z.array(z.enum(["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA"])).min(1),
  type: z
    .string()
    .min(1)
    .nullable()
    .describe("The `typ` of its access tokens, such as at+jwt; null: JWT, at+jwt or none, but nothing else"),
  audiences: z.array(z.string().min(1)).min(1).describe("Accepted `aud` values on the MCP paths"),
  audienceClaim: z
    .enum(["aud", "client_id"])
    .optional()
    .describe("client_id for Cognito, whose access tokens have no aud. Left out: aud"),
  clockToleranceSeconds: z.int().min(0).max(300),
  maxLifetime: duration.describe("Longest time from a token's issue to its expiry; one that lives longer is refused"),
  require: z
    .record(z.string().min(1), z.array(z.string()).min(1).nullable())
    .optional()
    .describe("Claims that a token must have, each with the texts it may be, such as token_use: [access]; null: any"),
  claims,
});

const consoleClient = z.strictObject({
  issuer: shortName.describe("Name of the issuer where approvers and auditors sign in; it must be of kind user"),
  clientId: z.string().min(1).nullable().describe("null where the issuer is identity.saml, whose clients are made"),
  audience: z.string().min(1).nullable().describe("`aud` of the console's tokens; must differ from every MCP audience"),
  scope: z.string().describe("Scopes the console asks for"),
  freshFor: duration.describe("How long after signing in a person may decide or reveal"),
});

const usage = z.strictObject({
  perMinute: z.int().min(1).nullable().describe("Calls in a minute of the clock; null: as many as one likes"),
  perDay: z.int().min(1).nullable().describe("Calls in a day of UTC; null: as many as one likes"),
});

const server = z.strictObject({
  name: shortName,
  url: absoluteUrl.describe("The server's streamable HTTP endpoint"),
  network: z.enum(["private", "public"]),
  addresses: addresses
    .optional()
    .describe("Where it is: security groups and CIDR blocks. The functions in the VPC are let out to these alone"),
  ca: authority
    .optional()
    .describe("The private authority of its certificate, instead of the public ones; for it alone"),
  push: z
    .boolean()
    .default(false)
    .describe(
      "Whether clients may keep a stream open for what the server says unasked (GET of 2025, subscriptions/listen of 2026)",
    ),
  calls: usage
    .optional()
    .describe("What one principal may call this server, within limits.calls. Left out: limits.calls alone"),
  credential,
});

const approverGroup = z.strictObject({
  name: shortName,
  emails: z.array(email).min(1),
  quorum: z.int().min(1).max(10).describe("How many distinct people must approve"),
  expiresAfter: duration.describe("When nobody has decided by then, the approval expires"),
  escalation: z
    .strictObject({ after: duration, to: shortName })
    .nullable()
    .describe("Another group that is asked as well when nobody has decided by then"),
  remindAfter: duration.nullable().describe("When the group is mailed once more; null: never"),
  denialStandsFor: duration.describe(
    "How long calls of the same principal to the same tool with the same risks stay refused after a denial",
  ),
  reasonRequired: z.boolean().describe("Whether who decides must say why"),
  secondFactor: z
    .array(z.string().min(1))
    .nullable()
    .describe(
      "`amr` or `acr` values of which a decision's sign-in must have one, such as mfa; null: none is asked for",
    ),
});

const retention = z.strictObject({
  mode: z.enum(["compliance", "governance"]).describe("governance is for trials: it lets an administrator delete"),
  days: z.int().min(1).max(36_500),
  legalBasis: z.string().min(1).describe("Which rule asks for these days, in words; the stack's outputs show it"),
  hotDays: z.int().min(1).max(365).describe("Days a record stays in the ledger table; the vaults keep it for `days`"),
});

const reveal = z.strictObject({
  approval: shortName.describe("The approver group that must agree"),
  usableFor: duration.describe("How long after the yes it can be used, once"),
});

const limits = z.strictObject({
  calls: usage.describe("What one principal may call, all servers together"),
  requestBytes: z.int().min(1024).max(4_194_304),
  responseBytes: z.int().min(1024).max(20_971_520),
  upstreamTimeout: duration.describe("Longest silence of a server before the call fails"),
  callTimeout: duration.describe("Longest time of a call in all; API Gateway and Lambda end at 15 minutes"),
  keepAlive: duration.describe(
    "Silence on an open stream after which a comment keeps the connection from looking dead",
  ),
  listenFor: duration.describe("How long a stream for what the server says unasked stays open; clients open it again"),
  streamsPerPrincipal: z
    .int()
    .min(1)
    .max(1000)
    .describe("Streams that one principal may keep open at once for what servers say unasked"),
  holdPlain: duration.describe("How long a client that shows no progress is kept waiting"),
  holdProgress: duration.describe("How long a client that asked for progress is kept waiting"),
  waitLeg: duration.describe("Length of one leg of a 2026-07-28 wait; clients give up at 60 s"),
  waitRounds: z.int().min(1).max(9),
  collectFor: duration.describe("How long the result of an approved call can be collected"),
  maxHeld: z
    .int()
    .min(0)
    .max(1000)
    .describe("Calls of one principal that are kept waiting for an approval at once; others get the pending answer"),
  maxHeldInAll: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe(
      `The same for all principals together, in the VPC and outside it each; the rest of the ${RESERVED} calls that run at once is for those that need no approval. Left out: ${MOST_HELD}`,
    ),
  openApprovals: z.int().min(1).max(1000).describe("Approvals that one principal may have pending at once"),
  singleMails: z
    .int()
    .min(1)
    .max(1000)
    .describe("Approvals of one minute that a group is mailed of one by one; one more mail is about all others of it"),
});

/** Seconds that a stream may last so that it can still be ended in the protocol's own terms. */
const LONGEST_STREAM = 14 * 60;

/** The whole of `config/gateway.yaml`. Unknown keys are errors; nothing about security has a default. */
export const configSchema = z
  .strictObject({
    publicUrl: bareOrigin.nullable().describe("Origin that clients use; null for a trial on the API's own domain"),
    certificateArn: z.string().startsWith("arn:").nullable().describe("ACM certificate of publicUrl; null for a trial"),
    identity: z.strictObject({
      issuers: z.array(issuer),
      cacheFor: durationUpTo(3600)
        .optional()
        .describe(
          "How long API Gateway goes on with what the authorizer said of a token, 1h at most; 0s asks it each time. Left out: 5m",
        ),
      saml: saml
        .nullable()
        .optional()
        .describe("A provider that speaks SAML, by way of a user pool that is made; null: none"),
    }),
    console: consoleClient,
    registration: registration
      .nullable()
      .optional()
      .describe("Registers MCP clients where the identity provider refuses to; null: clients register at the provider"),
    groups: z.array(z.string().min(1)).describe("The groups that policies may name; all others in a token are ignored"),
    network: network.nullable().optional().describe("Where private servers are reached; null where there are none"),
    servers: z.array(server).min(1),
    approverGroups: z.array(approverGroup).min(1),
    notice: z
      .string()
      .trim()
      .min(1)
      .max(2000)
      .nullable()
      .describe("What every client is told when it connects, such as that sessions are recorded; null: nothing"),
    retention,
    signingKeys: z
      .int()
      .min(1)
      .max(20)
      .optional()
      .describe("How many keys have signed digests so far: one more makes a new one. Left out: 1"),
    reveal: reveal
      .nullable()
      .optional()
      .describe("Whether originals are opened only once somebody else has agreed; null: policy alone decides"),
    trail: z
      .enum(["own", "account"])
      .describe(
        "Whose CloudTrail tells of reads of the evidence: own makes a trail; account: yours logs management events, and reads of both vaults and the ledger",
      ),
    replication: replication
      .nullable()
      .optional()
      .describe("Copies of both vaults in another account or region, under a lock of their own; null: none"),
    export: exported.optional().describe("What a SIEM is told over the bus. Left out: each call once, by its outcome"),
    limits,
  })
  .transform((written, context) => {
    for (const { at, message } of samlProblems(written))
      context.addIssue({ code: "custom", path: [...at], message, input: written });
    const { clientId, audience } = written.console;
    const consoleClient = { ...written.console, clientId: clientId ?? "", audience: audience ?? "" };
    // The deployment tells the functions what is known of the pool only then (lambdas/settings.ts).
    return withPool({ ...written, console: consoleClient }, UNMADE);
  })
  .superRefine((config, context) => {
    const complain = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    const unique = (field: "servers" | "approverGroups", names: readonly string[]) =>
      names.forEach((name, at) => {
        if (names.indexOf(name) !== at) complain([field, at, "name"], `another entry is already named ${name}`);
      });
    unique(
      "servers",
      config.servers.map((entry) => entry.name),
    );
    unique(
      "approverGroups",
      config.approverGroups.map((entry) => entry.name),
    );
    for (const { at, message } of networkProblems(config)) complain([...at], message);
    if (config.identity.saml == null)
      for (const { at, message } of registrationProblems(config)) complain([...at], message);
    config.servers.forEach((entry, at) => {
      for (const problem of credentialProblems(entry, config))
        complain(["servers", at, ...problem.at], problem.message);
    });
    const issuers = config.identity.issuers;
    issuers.forEach((entry, at) => {
      if ((entry.jwksUri === null) === (entry.jwks === undefined))
        complain(["identity", "issuers", at, "jwksUri"], "either jwksUri is a URL, or it is null and jwks is given");
      if (entry.jwks?.keys.some((key) => "d" in key || "p" in key))
        complain(["identity", "issuers", at, "jwks"], "public keys: this set holds a private one");
      for (const [theirs, ours] of Object.entries(entry.claims.groupNames ?? {}))
        if (!config.groups.includes(ours))
          complain(["identity", "issuers", at, "claims", "groupNames", theirs], `a group: ${config.groups.join(", ")}`);
      if (issuers.findIndex((other) => other.name === entry.name || other.issuer === entry.issuer) !== at)
        complain(["identity", "issuers", at], "another issuer has this name or this issuer URL");
      if (entry.audiences.includes(config.console.audience))
        complain(
          ["identity", "issuers", at, "audiences"],
          "the console's audience must not be accepted on the MCP paths",
        );
    });
    if (!issuers.some((entry) => entry.name === config.console.issuer && entry.kind === "user"))
      complain(
        ["console", "issuer"],
        `one of the issuers of kind user: ${issuers
          .filter((i) => i.kind === "user")
          .map((i) => i.name)
          .join(", ")}`,
      );
    const groups = config.approverGroups.map((entry) => entry.name);
    config.approverGroups.forEach((entry, at) => {
      if (entry.escalation && (!groups.includes(entry.escalation.to) || entry.escalation.to === entry.name))
        complain(
          ["approverGroups", at, "escalation", "to"],
          `another approver group: ${groups.filter((g) => g !== entry.name).join(", ")}`,
        );
      if (entry.remindAfter !== null && entry.remindAfter >= (entry.escalation?.after ?? entry.expiresAfter))
        complain(["approverGroups", at, "remindAfter"], "shorter than escalation.after and expiresAfter");
      if (entry.escalation && entry.escalation.after >= entry.expiresAfter)
        complain(["approverGroups", at, "escalation", "after"], "shorter than expiresAfter");
    });
    for (const field of ["callTimeout", "listenFor"] as const)
      if (config.limits[field] > LONGEST_STREAM) complain(["limits", field], "at most 14m: API Gateway ends at 15");
    if (config.reveal != null && !groups.includes(config.reveal.approval))
      complain(["reveal", "approval"], `one of the approver groups: ${groups.join(", ")}`);
    if ((config.publicUrl === null) !== (config.certificateArn === null) && !config.publicUrl?.startsWith("http://"))
      complain(["certificateArn"], "publicUrl and certificateArn are given together, or both are null");
  });

export type Config = z.infer<typeof configSchema>;
export type IssuerConfig = z.infer<typeof issuer>;
export type ServerConfig = Config["servers"][number];
export type ApproverGroupConfig = Config["approverGroups"][number];
