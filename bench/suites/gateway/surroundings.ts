import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { ENV } from "../../../lambdas/environment.ts";
import { buildSettings, type Settings } from "../../../lib/config/settings.ts";
import { type Part, type PartOptions, startPart } from "../../part.ts";
import { type Bundle, bundled, makeBundle } from "./bundle.ts";

/** What Lambda's runtime tells V8 in a function of 1024 MB (`lib/gateway-stack.ts`): 5 % and 90 % of it. */
const LAMBDA_HEAP = ["--max-semi-space-size=51", "--max-old-space-size=922"];

/** Everything that stands around the gateway in this suite, each in a process of its own. */
export interface Surroundings {
  readonly bundle: Bundle;
  /** A signed token of a developer. */
  readonly token: string;
  readonly mcp: string;
  readonly proxy: Part<{ readonly url: string }>;
  /** What the gateway's function is told. */
  readonly environment: NodeJS.ProcessEnv;
  /** Another gateway in a fresh process. */
  startGateway(): Promise<Part<{ readonly url: string }>>;
  stop(): Promise<void>;
}

export async function startSurroundings(): Promise<Surroundings> {
  const folder = mkdtempSync(join(tmpdir(), "countersign-bench-"));
  const stops: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  // Bundled, so that no process that is measured holds what reads TypeScript.
  const started = async <Ready>(name: string, options: PartOptions): Promise<Part<Ready>> => {
    const module = join(folder, `${name}.mjs`);
    await bundled(fileURLToPath(new URL(`${name}.ts`, import.meta.url)), module);
    const part = await startPart<Ready>(pathToFileURL(module), options);
    stops.unshift(part.stop);
    return part;
  };
  const stop = async () => {
    for (const end of stops.splice(0)) await end();
  };

  try {
    const { privateKey, publicKey } = await generateKeyPair("RS256");
    const jwks = JSON.stringify({
      keys: [{ ...(await exportJWK(publicKey)), kid: "bench", alg: "RS256", use: "sig" }],
    });
    const { ready } = await started<{ aws: string; issuer: string; mcp: string }>("stand-ins-process", {
      environment: { BENCH_JWKS: jwks },
    });
    const settings = benchSettings(ready);
    const settingsFile = join(folder, "settings.json");
    const bundle = await makeBundle(folder);
    writeFileSync(settingsFile, JSON.stringify(settings));
    const environment = {
      AWS_ENDPOINT_URL: ready.aws,
      AWS_REGION: "us-east-1",
      [ENV.settingsFile]: settingsFile,
      [ENV.ledgerTable]: "ledger",
      [ENV.approvalsTable]: "approvals",
      [ENV.accessTable]: "access",
      [ENV.maskedVault]: "masked",
      [ENV.sealedVault]: "sealed",
      [ENV.forensicKey]: "alias/forensic",
      [ENV.signingKey]: "alias/signing",
      [ENV.sealSecret]: "seal",
      [ENV.service]: "gateway",
      [ENV.loopbackServers]: "allowed",
    };
    const [issuer] = settings.config.identity.issuers;
    const token = await new SignJWT({
      groups: ["developers"],
      email: "dev@example.com",
      email_verified: true,
      sid: "s1",
    })
      .setProtectedHeader({ alg: "RS256", kid: "bench" })
      .setIssuer(issuer?.issuer ?? "")
      .setAudience(issuer?.audiences[0] ?? "")
      .setSubject("developer")
      .setIssuedAt()
      .setExpirationTime("6h")
      .sign(privateKey);
    return {
      bundle,
      token,
      mcp: ready.mcp,
      proxy: await started("proxy-process", { environment: { BENCH_TARGET: ready.mcp } }),
      environment,
      startGateway: () =>
        started("gateway-process", {
          // For a profile: the sources instead of the bundle, so that it has names in it, and `--cpu-prof`.
          environment: { ...environment, BENCH_HANDLER: process.env.BENCH_HANDLER ?? bundle.module },
          wrapper: bundle.wrapper,
          node: [...LAMBDA_HEAP, ...(process.env.BENCH_NODE_OPTIONS?.split(" ") ?? [])],
        }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The adopter's settings with the stand-ins' addresses in them. */
function benchSettings({ issuer, mcp }: { readonly issuer: string; readonly mcp: string }): Settings {
  const settings = buildSettings("config/gateway.yaml");
  const { config } = settings;
  const [people, ...others] = config.identity.issuers;
  if (people === undefined) throw new Error("config/gateway.yaml has no issuer");
  const urls: Readonly<Record<string, string>> = { ops: `${mcp}/json`, everything: `${mcp}/stream` };
  return {
    ...settings,
    config: {
      ...config,
      // As in a trial: the gateway's address is the one it is reached by.
      publicUrl: null,
      // Counted as ever, and never reached.
      limits: { ...config.limits, calls: { perMinute: 1e9, perDay: 1e9 } },
      identity: { issuers: [{ ...people, jwksUri: `${issuer}/jwks` }, ...others] },
      servers: config.servers.map((server) => ({ ...server, url: urls[server.name] ?? server.url })),
    },
  };
}
