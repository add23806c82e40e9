import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { paginateScan } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { SubscribeCommand } from "@aws-sdk/client-sns";
import type { Place } from "../bin/place.ts";
import { textOf } from "../lambdas/aws/ledger-item.ts";
import { ENV, type Environment } from "../lambdas/environment.ts";
import type { SweeperTimes } from "../lambdas/sweeper/sweeper.ts";
import { SETTINGS_FILE } from "../lib/app.ts";
import type { Settings } from "../lib/config/settings.ts";
import { LOCAL_KEYS, localAws, REGION } from "./aws.ts";
import { builtConsole } from "./built-console.ts";
import { deploy } from "./deploy.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { startFront } from "./front.ts";
import { makeFunctions } from "./functions.ts";
import { type Inbox, startInbox } from "./inbox.ts";
import { type LocalGroups, type LocalServer, type LocalTimes, secretNameOf, writeLocalConfig } from "./local-config.ts";
import { startMoto } from "./moto.ts";
import { CI_CLIENT, CLI_CLIENT, CLI_REDIRECT, CONSOLE_CLIENT } from "./oidc/accounts.ts";
import { oddTokens } from "./oidc/odd-tokens.ts";
import { clientCredentials, signIn } from "./oidc/robot.ts";
import { type Oidc, startOidc } from "./oidc/server.ts";
import { repeat } from "./repeat.ts";
import { type EverythingServer, startEverything } from "./servers/everything.ts";
import { type OpsServer, startOps } from "./servers/ops.ts";
import { startPump } from "./stream-pump.ts";
import { makeWorkFolder } from "./work-folder.ts";

/** In AWS it is some minutes after each hour; a run that finds nothing due does nothing. */
const DIGEST_EVERY_MS = 600_000;
/** In AWS it is a quarter of an hour. */
const RECONCILE_EVERY_MS = 300_000;
/** In AWS it is a quarter of an hour. */
const HOLD_EVERY_MS = 60_000;
/** In AWS it is a minute. */
const SWEEP_EVERY_MS = 5000;

export interface LocalStackOptions {
  /** Port of the gateway; 0 for any free one. */
  readonly port?: number;
  /** @default the adopter's times */
  readonly times?: LocalTimes;
  /** What approver groups ask for other than the adopter's, by their names. */
  readonly groups?: LocalGroups;
  /** The sweeper runs every few seconds here. */
  readonly sweeper?: Partial<SweeperTimes> & {
    /** Milliseconds between two runs. @default 5000 */
    readonly every?: number;
  };
  /** MCP servers beside `everything` and `ops`, such as broken ones. */
  readonly moreServers?: readonly LocalServer[];
  /** Cedar text of policies beside the adopter's. */
  readonly morePolicies?: string;
  /** What clients are told when they connect. @default the adopter's */
  readonly notice?: string;
  /** Whether the gateway registers MCP clients, at a provider that refuses to. @default false */
  readonly registration?: boolean;
  /** Where agents may be sent back to, at the provider and by what registers them. @default a callback on any port */
  readonly redirectUris?: readonly string[];
  /** A provider that speaks SAML, whose user pool nobody can sign in to here. @default none */
  readonly saml?: object;
  /** Other keys of the configuration, as the file writes them. */
  readonly own?: Readonly<Record<string, unknown>>;
  /** Hears of what goes wrong inside; @default prints it */
  readonly report?: (cause: unknown) => void;
  /** URL by which a function reaches the emulator at an endpoint, for what wants to see its requests. @default the endpoint */
  readonly doorOf?: (service: string, endpoint: string) => Promise<string>;
}

/** The whole stack on a laptop, up and running. */
export interface LocalStack {
  readonly publicUrl: string;
  readonly inbox: Inbox;
  readonly ops: OpsServer & { readonly credential: string };
  readonly everything: EverythingServer & { readonly credential: string };
  readonly issuer: string;
  readonly vaults: { readonly masked: string; readonly sealed: string };
  /** What the command line needs to know of this stack. */
  readonly place: Place;
  /** What a function is told, by its name: for tests that look into a table themselves. */
  environmentOf(service: string): Environment;
  readonly faults: {
    /** Stands before DynamoDB for gateway and listener. */
    readonly dynamodb: FaultProxy;
    /** Stands before Step Functions for the recorder. */
    readonly stepFunctions: FaultProxy;
  };
  readonly oidc: Pick<Oidc, "forge"> & { oddTokens(good: string): Promise<Record<string, string>> };
  /** A token of a person, or of `ci-build`, through a real sign-in. */
  token(account: string, audience: "mcp" | "console"): Promise<string>;
  /** Settles when recorder, archiver and exporter have consumed all that was written. */
  drain(): Promise<void>;
  /** Runs the digester as its schedule would; an hour ahead, it seals the hour that is still under way. */
  digest(time?: string): Promise<void>;
  /** Every record's text in the ledger table. */
  ledgerLines(): Promise<string[]>;
  /** Tries to delete the newest version of an object for good. */
  deleteVersion(bucket: string, key: string): Promise<void>;
  stop(): Promise<void>;
}

/** Boots everything; what was started is stopped again when any part fails to start. */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const stops: (() => Promise<void>)[] = [];
  const started = <T extends { stop(): Promise<void> }>(part: T): T => {
    stops.unshift(part.stop);
    return part;
  };
  const stop = async () => {
    for (const end of stops.splice(0)) await end();
  };
  try {
    return await boot(options, started, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function boot(
  options: LocalStackOptions,
  started: <T extends { stop(): Promise<void> }>(part: T) => T,
  stop: () => Promise<void>,
): Promise<LocalStack> {
  const report =
    options.report ?? ((cause: unknown) => process.stderr.write(`local stack: ${inspect(cause, { depth: 3 })}\n`));
  const credential = () => randomBytes(24).toString("base64url");
  const { folder } = started(makeWorkFolder());

  const credentials = { ops: credential(), everything: credential() };
  const front = started(await startFront(options.port ?? 0, report));
  const publicUrl = front.url;
  const redirects = options.redirectUris === undefined ? {} : { redirectUris: options.redirectUris };
  const [moto, oidc, ops, everything, inbox, consoleFolder] = await Promise.all([
    startMoto().then(started),
    startOidc({ publicUrl, registers: options.registration !== true, ...redirects }).then(started),
    startOps(credentials.ops).then(started),
    startEverything(credentials.everything).then(started),
    startInbox().then(started),
    builtConsole(),
  ]);
  const faults = {
    dynamodb: started(await startFaultProxy(moto.url)),
    stepFunctions: started(await startFaultProxy(moto.url)),
  };
  const aws = localAws(moto.url);

  const servers = [
    { name: "everything", url: everything.url, credential: credentials.everything },
    { name: "ops", url: ops.url, credential: credentials.ops },
    ...(options.moreServers ?? []),
  ];
  const configFile = writeLocalConfig({
    folder,
    publicUrl,
    oidc,
    servers,
    times: options.times ?? {},
    groups: options.groups ?? {},
    ...(options.morePolicies === undefined ? {} : { morePolicies: options.morePolicies }),
    ...(options.notice === undefined ? {} : { notice: options.notice }),
    ...(options.saml === undefined ? {} : { saml: options.saml }),
    registration: options.registration === true,
    ...redirects,
    ...(options.own === undefined ? {} : { own: options.own }),
  });
  const secrets = Object.fromEntries(servers.map((server) => [secretNameOf(server.name), server.credential]));
  const outdir = join(folder, "cdk.out");
  const deployment = await deploy(aws, moto.url, { configFile, outdir, secrets });
  const settingsFile = join(outdir, SETTINGS_FILE);
  const settings = JSON.parse(readFileSync(settingsFile, "utf8")) as Settings;

  const awsEnvironment = {
    AWS_ENDPOINT_URL: moto.url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: LOCAL_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_KEYS.secretAccessKey,
  };
  const throughFaults = { AWS_ENDPOINT_URL_DYNAMODB: faults.dynamodb.url };
  const serversHere = { [ENV.loopbackServers]: "allowed" };
  const own: Record<string, Environment> = {
    gateway: { ...throughFaults, ...serversHere },
    listener: { ...throughFaults, ...serversHere },
    minter: serversHere,
    recorder: { AWS_ENDPOINT_URL_SFN: faults.stepFunctions.url },
    site: { [ENV.consoleFolder]: consoleFolder },
  };
  const doors = new Map<string, Environment>();
  for (const service of options.doorOf === undefined ? [] : deployment.environments.keys()) {
    const door = await options.doorOf?.(service, moto.url);
    doors.set(service, { AWS_ENDPOINT_URL: door, AWS_ENDPOINT_URL_DYNAMODB: door, AWS_ENDPOINT_URL_SFN: door });
  }
  const environmentOf = (service: string): Environment => ({
    ...deployment.environments.get(service),
    ...awsEnvironment,
    [ENV.settingsFile]: settingsFile,
    ...own[service],
    ...doors.get(service),
  });
  const { every = SWEEP_EVERY_MS, ...sweeperTimes } = options.sweeper ?? {};
  const deployed = (service: string) => deployment.environments.has(service);
  const functions = await makeFunctions(environmentOf, deployed, report, sweeperTimes);
  const feeds = [
    { streamArn: deployment.streams.approvals, consumer: functions.recorder },
    { streamArn: deployment.streams.ledger, consumer: functions.archiver },
    { streamArn: deployment.streams.ledger, consumer: functions.exporter },
  ];
  const pump = started(startPump(aws.streams, feeds, report));
  // One box shows what all addresses of a group would get; those after the first count as confirmed and show nothing.
  for (const { name, emails } of settings.config.approverGroups)
    for (const at of emails.keys()) {
      const Endpoint = `${inbox.url}/${at === 0 ? "deliver" : `copy/${at}`}`;
      await aws.sns.send(new SubscribeCommand({ TopicArn: deployment.topics[name], Protocol: "http", Endpoint }));
    }
  front.serve(deployment.api, functions, functions.refused.tell);
  started(repeat(functions.sweeper, every, report));
  started(repeat(functions.holder, HOLD_EVERY_MS, report));
  started(repeat(functions.reconciler, RECONCILE_EVERY_MS, report));
  started(repeat(() => functions.digester(new Date().toISOString()), DIGEST_EVERY_MS, report));

  return {
    publicUrl,
    inbox,
    ops: { ...ops, credential: credentials.ops },
    everything: { ...everything, credential: credentials.everything },
    issuer: oidc.issuer,
    vaults: deployment.vaults,
    place: { environment: awsEnvironment, maskedVault: deployment.vaults.masked, url: publicUrl },
    environmentOf,
    faults,
    oidc: { forge: oidc.forge, oddTokens: (good) => oddTokens(oidc, good) },
    token(account, audience) {
      const resource = audience === "console" ? `${publicUrl}/console` : publicUrl;
      if (account === CI_CLIENT)
        return clientCredentials({ issuer: oidc.ciIssuer, clientId: CI_CLIENT, clientSecret: oidc.ciSecret, resource });
      // An agent is another client than the console, even for the same person.
      const client =
        audience === "console"
          ? { clientId: CONSOLE_CLIENT, redirectUri: `${publicUrl}/console/` }
          : { clientId: CLI_CLIENT, redirectUri: CLI_REDIRECT };
      return signIn({ issuer: oidc.issuer, account, resource, ...client });
    },
    async drain() {
      await functions.refused.drain();
      await pump.drain();
    },
    async digest(time = new Date().toISOString()) {
      await functions.digester(time);
    },
    async ledgerLines() {
      const pages = paginateScan(
        { client: aws.dynamoDb },
        { TableName: deployment.tables.ledger, ConsistentRead: true },
      );
      const lines: string[] = [];
      for await (const { Items = [] } of pages) lines.push(...Items.flatMap((item) => textOf(item) ?? []));
      return lines;
    },
    async deleteVersion(Bucket, Key) {
      const { Versions } = await aws.s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
      await aws.s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: Versions?.[0]?.VersionId }));
    },
    stop,
  };
}
