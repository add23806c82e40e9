import * as z from "zod";
import { duration } from "./duration.ts";
import { LOOPBACK } from "./loopback.ts";
import { absoluteUrl } from "./urls.ts";

/** A provider that speaks SAML: a user pool of Cognito is made for it, which gives its people the tokens that are read here. */
export const saml = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{2,31}$/, "a lower-case name of letters, digits and dashes, 3 to 32 of them")
    .describe("Its name as an issuer, and as a provider of the pool"),
  metadataUrl: z
    .url({ protocol: /^https$/, error: "an https URL" })
    .describe("Where the provider publishes its SAML metadata"),
  domainPrefix: z
    .string()
    .regex(
      /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
      "lower-case letters, digits and dashes, 63 at most, no dash at an end",
    )
    .refine((prefix) => !RESERVED.test(prefix), "a prefix without aws, amazon and cognito, which Cognito refuses")
    .describe("What comes before .auth.<region>.amazoncognito.com: the pool's sign-in, unique in the region"),
  attributes: z.strictObject({
    person: z.string().min(1).describe("SAML attribute that is equal for one person at every issuer, such as e-mail"),
    groups: z.string().min(1).nullable().describe("SAML attribute that lists the groups; null where there is none"),
    name: z.string().min(1).nullable().describe("SAML attribute with a name to show people"),
  }),
  groupNames: z
    .record(z.string().min(1), z.string().min(1))
    .optional()
    .describe("What the provider calls a group, and the group it is here; others are ignored. Left out: both the same"),
  encryptedAssertions: z.boolean().describe("Whether assertions must be encrypted for the pool"),
  tokenLifetime: duration.describe("How long an access token lives: 5m to 24h"),
  refreshFor: duration.describe(
    "How long after a sign-in tokens are renewed, with the groups of that sign-in: 1h to 30d",
  ),
  redirectUris: z
    .array(absoluteUrl)
    .min(1)
    .describe("Where MCP clients may be sent back to, with the port of each that is on a loopback address"),
});

export type SamlConfig = z.infer<typeof saml>;

const RESERVED = /aws|amazon|cognito/;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Around {
  readonly publicUrl: string | null;
  readonly identity: {
    readonly issuers: readonly { readonly name: string }[];
    readonly saml?: SamlConfig | null | undefined;
  };
  readonly console: {
    readonly issuer: string;
    readonly clientId: string | null;
    readonly audience: string | null;
    readonly scope: string;
  };
  readonly registration?: unknown;
  readonly groups: readonly string[];
  readonly approverGroups: readonly { readonly secondFactor: readonly string[] | null }[];
}

interface Problem {
  readonly at: readonly (string | number)[];
  readonly message: string;
}

/** What is wrong with it beside the rest of the configuration, as it was written. */
export function* samlProblems(config: Around): Generator<Problem> {
  const given = config.identity.saml;
  const signsIn = given != null && config.console.issuer === given.name;
  yield* consoleProblems(config, signsIn);
  if (given == null) return;
  const at = (...parts: (string | number)[]) => ["identity", "saml", ...parts];
  if (config.publicUrl === null)
    yield {
      at: at("redirectUris"),
      message: "needs a publicUrl: clients look for its metadata at the root of an origin",
    };
  if (config.identity.issuers.some(({ name }) => name === given.name))
    yield { at: at("name"), message: "a name that no issuer of the list has" };
  if (config.registration != null)
    yield {
      at: ["registration"],
      message: "nothing beside identity.saml: the pool's own clients are told to whoever registers",
    };
  if (given.tokenLifetime < HOUR / 12 || given.tokenLifetime > DAY)
    yield { at: at("tokenLifetime"), message: "5m to 24h, which is what Cognito makes" };
  for (const field of ["tokenLifetime", "refreshFor"] as const)
    if (given[field] % MINUTE !== 0) yield { at: at(field), message: "whole minutes, which is what Cognito counts in" };
  if (given.refreshFor < HOUR || given.refreshFor > 30 * DAY || given.refreshFor < given.tokenLifetime)
    yield { at: at("refreshFor"), message: "1h to 30d, and no shorter than tokenLifetime" };
  for (const [theirs, ours] of Object.entries(given.groupNames ?? {}))
    if (!config.groups.includes(ours))
      yield { at: at("groupNames", theirs), message: `a group: ${config.groups.join(", ")}` };
  for (const [index, uri] of given.redirectUris.entries()) {
    const { protocol, hostname, hash } = new URL(uri);
    if (hash !== "") yield { at: at("redirectUris", index), message: "no fragment" };
    if (protocol === "http:" && !LOOPBACK.includes(hostname))
      yield { at: at("redirectUris", index), message: "https; http is only for a loopback address" };
  }
  for (const [index, group] of config.approverGroups.entries())
    if (signsIn && group.secondFactor !== null)
      yield {
        at: ["approverGroups", index, "secondFactor"],
        message: "null: the pool's tokens do not say how somebody signed in; ask for it at the SAML provider",
      };
}

/** Its client is the pool's where people sign in there, and the adopter's anywhere else. */
function* consoleProblems({ console: own }: Around, signsIn: boolean): Generator<Problem> {
  for (const field of ["clientId", "audience"] as const)
    if ((own[field] === null) !== signsIn)
      yield {
        at: ["console", field],
        message: signsIn
          ? "null: the client is made with the pool of identity.saml"
          : "a text; null is for identity.saml",
      };
  if (signsIn && own.scope !== "openid") yield { at: ["console", "scope"], message: "openid: the pool gives no other" };
}
