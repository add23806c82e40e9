import { execFileSync } from "node:child_process";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSettings } from "../../../lib/config/settings.ts";
import { bundled } from "../gateway/bundle.ts";
import type { Issuer } from "./issuer.ts";

/** The authorizer's bundle, as a deployment makes it. */
export interface Bundle {
  readonly module: string;
  readonly wrapper: string;
  /** Of the module alone. */
  readonly moduleKilobytes: number;
  /** Of all that is deployed: the module, its source map, and what lies beside it. */
  readonly kilobytes: number;
}

/** Bundles the authorizer, with the shipped settings beside it, in which people sign in at this issuer. */
export async function makeBundle(folder: string, issuer: Issuer): Promise<Bundle> {
  const module = join(folder, "index.mjs");
  await bundled("lambdas/authorizer/handler.ts", module);
  execFileSync(process.execPath, ["lib/beside-bundle.ts", folder, "config/gateway.yaml"]);
  const settings = buildSettings("config/gateway.yaml");
  const [people, ...others] = settings.config.identity.issuers;
  if (people === undefined) throw new Error("config/gateway.yaml has no issuer");
  const issuers = [{ ...people, issuer: issuer.url, jwksUri: `${issuer.url}/jwks` }, ...others];
  writeFileSync(
    join(folder, "settings.json"),
    JSON.stringify({ ...settings, config: { ...settings.config, identity: { issuers } } }),
  );
  return {
    module,
    wrapper: join(folder, "node-options.sh"),
    moduleKilobytes: kilobytes([module]),
    kilobytes: kilobytes(filesOf(folder)),
  };
}

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

const kilobytes = (files: readonly string[]) =>
  Math.round(files.reduce((sum, file) => sum + statSync(file).size, 0) / 1024);
