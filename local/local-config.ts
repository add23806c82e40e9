import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { UsageLimits } from "../lambdas/domain/usage/usage.ts";
import type { ApproverGroupConfig } from "../lib/config/schema.ts";
import { CLI_CLIENT, CLI_REDIRECT } from "./oidc/accounts.ts";
import type { Oidc } from "./oidc/server.ts";

/** Times, and limits, of the configuration that a caller wants other than the adopter's: durations as the file writes them. */
export interface LocalTimes {
  readonly expiresAfter?: string;
  readonly denialStandsFor?: string;
  /** When the group is mailed once more; never when it is left out. */
  readonly remindAfter?: string;
  /** When the second group is asked as well; never when it is left out. */
  readonly escalateAfter?: string;
  readonly upstreamTimeout?: string;
  readonly callTimeout?: string;
  readonly keepAlive?: string;
  readonly listenFor?: string;
  readonly waitLeg?: string;
  readonly holdPlain?: string;
  readonly holdProgress?: string;
  readonly collectFor?: string;
  /** Calls of one principal that may wait at once. */
  readonly maxHeld?: number;
  /** Calls of all principals that may wait at once. */
  readonly maxHeldInAll?: number;
  /** What one principal may call. @default more than a test does, so that calls are counted all the same */
  readonly calls?: UsageLimits;
  /** Approvals that one principal may have pending at once. */
  readonly openApprovals?: number;
  /** Approvals of one minute that a group is mailed of one by one. @default 1000, so that each can be waited for */
  readonly singleMails?: number;
}

/** What an approver group asks for, by its name; the adopter's words hold where nothing is said. */
export type LocalGroups = Readonly<
  Record<string, Partial<Pick<ApproverGroupConfig, "quorum" | "reasonRequired" | "secondFactor">>>
>;

/** A group as the file writes it. */
interface GroupText {
  readonly name: string;
  readonly escalation: object | null;
}

export interface LocalServer {
  readonly name: string;
  readonly url: string;
  readonly credential: string;
  /** @default false */
  readonly push?: boolean;
  /** How the gateway identifies itself to it, and by whom it is vouched for: keys of the configuration. @default a header with the credential */
  readonly own?: { readonly credential?: object; readonly ca?: object };
  /** What one principal may call it. */
  readonly calls?: UsageLimits;
}

export interface LocalConfigOptions {
  readonly folder: string;
  readonly publicUrl: string;
  readonly oidc: Oidc;
  readonly servers: readonly LocalServer[];
  readonly times: LocalTimes;
  /** @default the adopter's */
  readonly groups?: LocalGroups;
  /** Cedar text of policies beside the adopter's. */
  readonly morePolicies?: string;
  /** What clients are told when they connect. @default the adopter's */
  readonly notice?: string;
  /** Other keys of the configuration, as the file writes them. */
  readonly own?: Readonly<Record<string, unknown>>;
  /** Whether the gateway registers clients in the provider's place. @default false */
  readonly registration?: boolean;
  /** Where registered clients may be sent back to. @default `CLI_REDIRECT` */
  readonly redirectUris?: readonly string[];
  /** A provider that speaks SAML, whose user pool nobody can sign in to here. @default none */
  readonly saml?: object;
}

/** Name of the secret that holds a server's credential. */
export const secretNameOf = (server: string) => `countersign/servers/${server}`;

/**
 * Writes the adopter's configuration with local addresses in it, beside a copy of its rules.
 * @returns path of the `gateway.yaml`
 */
export function writeLocalConfig({
  folder,
  publicUrl,
  oidc,
  servers,
  times,
  groups = {},
  morePolicies,
  notice,
  registration = false,
  redirectUris = [CLI_REDIRECT],
  own = {},
  saml,
}: LocalConfigOptions): string {
  const config = parse(readFileSync("config/gateway.yaml", "utf8"));
  const { expiresAfter, denialStandsFor, escalateAfter, remindAfter, ...limits } = times;
  const [people, workloads] = config.identity.issuers;
  const local = {
    ...config,
    publicUrl,
    certificateArn: null,
    identity: {
      issuers: [
        { ...people, name: "local", issuer: oidc.issuer, jwksUri: oidc.jwksUri, audiences: [publicUrl] },
        {
          ...workloads,
          // The local provider's tokens say nothing of runs, and their type is an access token's.
          claims: { ...workloads.claims, id: undefined, initiator: "actor" },
          type: null,
          maxLifetime: people.maxLifetime,
          name: "ci",
          issuer: oidc.ciIssuer,
          jwksUri: oidc.ciJwksUri,
          audiences: [publicUrl],
        },
      ],
      ...(saml === undefined ? {} : { saml }),
    },
    console: { ...config.console, issuer: "local", audience: `${publicUrl}/console`, freshFor: "1h" },
    servers: [
      ...servers.map(({ name, url, push = false, calls, own }) => ({
        name,
        url,
        network: "private",
        push,
        ...(calls === undefined ? {} : { calls }),
        credential: { kind: "header", header: "Authorization", prefix: "Bearer ", secretName: secretNameOf(name) },
        ...own,
      })),
      ...elsewhere(config.servers, servers),
    ],
    approverGroups: config.approverGroups.map((group: GroupText) => ({
      ...group,
      ...groups[group.name],
      // As many addresses as the quorum asks for: a group that has fewer is refused.
      emails: Array.from({ length: groups[group.name]?.quorum ?? 1 }, (_, at) => `${group.name}-${at}@example.test`),
      remindAfter: remindAfter ?? null,
      escalation: escalateAfter && group.escalation ? { ...group.escalation, after: escalateAfter } : null,
      ...(expiresAfter === undefined ? {} : { expiresAfter }),
      ...(denialStandsFor === undefined ? {} : { denialStandsFor }),
    })),
    ...(notice === undefined ? {} : { notice }),
    ...(registration
      ? {
          registration: {
            issuer: "local",
            clientId: CLI_CLIENT,
            authorizationEndpoint: `${oidc.issuer}/auth`,
            tokenEndpoint: `${oidc.issuer}/token`,
            scopes: ["openid"],
            redirectUris,
          },
        }
      : {}),
    ...own,
    limits: { ...config.limits, calls: { perMinute: 1_000_000, perDay: 1_000_000_000 }, singleMails: 1000, ...limits },
  };
  mkdirSync(folder, { recursive: true });
  for (const name of ["policies", "risks.yaml", "masking.yaml"])
    cpSync(join("config", name), join(folder, name), { recursive: true });
  if (servers.some(({ name }) => name === "ops"))
    cpSync("local/ci-build.cedar", join(folder, "policies", "ci-build.cedar"));
  if (morePolicies !== undefined) writeFileSync(join(folder, "policies", "more.cedar"), morePolicies);
  const file = join(folder, "gateway.yaml");
  writeFileSync(file, stringify(local));
  return file;
}

/**
 * The adopter's servers that are not here, because rules of theirs may name them: nothing answers under these names (RFC 2606).
 */
const elsewhere = (theirs: readonly { readonly name: string }[], here: readonly LocalServer[]) =>
  theirs
    .filter(({ name }) => !here.some((server) => server.name === name))
    .map(({ name }) => ({
      name,
      url: `https://${name}.invalid/mcp`,
      network: "private",
      credential: { kind: "none" },
    }));
