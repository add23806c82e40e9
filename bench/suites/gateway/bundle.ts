import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { type Metric, metric } from "../../report.ts";

/** The gateway's bundle, as a deployment makes it. */
export interface Bundle {
  /** The module that Lambda would load. */
  readonly module: string;
  /** The script that Lambda would start Node with. */
  readonly wrapper: string;
  readonly metrics: readonly Metric[];
}

/** What a bundled file belongs to; the first that fits. */
const PARTS: readonly (readonly [name: string, path: RegExp])[] = [
  ["own code", /^(?:lambdas|lib)\//],
  ["AWS SDK", /node_modules\/(?:@aws-sdk|@smithy|@aws|@aws-crypto|fast-xml-parser|bowser|strnum)\//],
  ["undici", /node_modules\/undici\//],
  ["jose", /node_modules\/jose\//],
  ["zod", /node_modules\/zod\//],
  ["Middy and Powertools", /node_modules\/@(?:middy|aws-lambda-powertools)\//],
  ["other packages", /./],
];
const CEDAR = "node_modules/@cedar-policy/cedar-wasm/nodejs";

export async function makeBundle(folder: string): Promise<Bundle> {
  const module = join(folder, "index.mjs");
  const { metafile } = await bundled("lambdas/gateway/handler.ts", module);
  execFileSync(process.execPath, ["lib/beside-bundle.ts", folder, "config/gateway.yaml"]);

  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const sizes = new Map(PARTS.map(([name]) => [name, 0]));
  for (const [path, { bytesInOutput }] of inputs) {
    const part = PARTS.find(([, pattern]) => pattern.test(path))?.[0] ?? "";
    sizes.set(part, (sizes.get(part) ?? 0) + bytesInOutput);
  }
  return {
    module,
    wrapper: join(folder, "node-options.sh"),
    metrics: [
      metric("bundle: one module", kilobytes(statSync(module).size), "KB"),
      ...[...sizes].map(([part, bytes]) => metric(`bundle: ${part}`, kilobytes(bytes), "KB")),
      metric("beside the bundle: Cedar's WebAssembly", kilobytes(sizeOf(join(folder, CEDAR))), "KB"),
    ],
  };
}

/** What a deployment bundles with (`bundlingOf` in `lib/constructs/gateway-function.ts`); a test compares the two. */
export const BUNDLING = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node24",
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  mainFields: ["module", "main"],
  external: ["@cedar-policy/cedar-wasm/nodejs", "libpg-query"],
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "error",
} satisfies BuildOptions;

/** Bundles a module and all that it imports, with the options of a deployment. */
export const bundled = (entryPoint: string, outfile: string) =>
  build({ ...BUNDLING, entryPoints: [entryPoint], outfile, metafile: true });

const kilobytes = (bytes: number) => Math.round(bytes / 1024);
const sizeOf = (folder: string) =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
