import { createPublicKey, type KeyObject } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { vault } from "../../lambdas/aws/vault.ts";
import { vaultSource } from "../../lambdas/aws/vault-source.ts";
import { publishedKeys } from "../../lambdas/domain/evidence/published-keys.ts";
import type { Source } from "../../lambdas/domain/evidence/verify/source.ts";
import { folderSource } from "../folder.ts";
import { needed, type Place } from "../place.ts";

/** Where evidence lies: copies in folders, or the buckets themselves. */
export interface EvidenceOptions {
  /** Copy of the masked vault; offline when given. */
  readonly folder?: string;
  /** Copy of the sealed vault. */
  readonly sealedFolder?: string;
  readonly sealedVault?: string;
  /** Files with trusted public keys (PEM), each `<file>` or `<file>@<time>` from which on it may sign. */
  readonly key?: readonly string[];
}

export interface EvidencePlace {
  readonly masked: Source;
  readonly sealed: Source | null;
  readonly keys: readonly KeyObject[];
  /** Milliseconds from which on a key may sign; for those of which it was said. */
  readonly validFrom: ReadonlyMap<KeyObject, number>;
  readonly pems: readonly string[];
  /** Whether the keys came from elsewhere than the vault that they vouch for. */
  readonly keysFromElsewhere: boolean;
}

/** @throws Error that says which option is missing, or which file is none */
export async function evidencePlace(place: Place, options: EvidenceOptions): Promise<EvidencePlace> {
  const masked =
    options.folder === undefined
      ? bucket(place, needed(place.maskedVault, "--masked-vault or --folder"))
      : folder(options.folder);
  const sealed =
    options.sealedFolder !== undefined
      ? folder(options.sealedFolder)
      : options.sealedVault !== undefined
        ? bucket(place, options.sealedVault)
        : null;
  const given = options.key ?? [];
  const published = (await publishedKeys(masked)).map(
    ({ publicKey, validFrom }): NamedKey => ({ pem: publicKey, from: Date.parse(validFrom) }),
  );
  const named = given.length > 0 ? given.map(readKey) : published;
  if (named.length === 0)
    throw new Error("no public key: name the file with --key (the vault publishes none under keys/ either)");
  const pems = named.map(({ pem }) => pem);
  const keys = pems.map(keyOf);
  const validFrom = new Map<KeyObject, number>();
  for (const [at, key] of keys.entries()) {
    // What the vault says of a key that was named can only narrow it.
    const from = named[at]?.from ?? published.find(({ pem }) => createPublicKey(pem).equals(key))?.from;
    if (from !== undefined) validFrom.set(key, from);
  }
  return { masked, sealed, keys, validFrom, pems, keysFromElsewhere: given.length > 0 };
}

/** A public key, and from when on it may sign where that is said. */
interface NamedKey {
  readonly pem: string;
  readonly from: number | undefined;
}

const bucket = (place: Place, name: string) => vaultSource(vault(place.environment, name));

function folder(path: string): Source {
  if (!existsSync(path) || !statSync(path).isDirectory()) throw new Error(`${path} is no folder`);
  return folderSource(path);
}

function readKey(option: string): NamedKey {
  const [, file = option, time] = /^(.+)@(\d{4}-\d\d-\d\dT[\d:.]+Z)$/.exec(option) ?? [];
  if (!existsSync(file)) throw new Error(`the key file ${file} is not there`);
  return { pem: readFileSync(file, "utf8"), from: time === undefined ? undefined : Date.parse(time) };
}

function keyOf(pem: string): KeyObject {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyDetails?.namedCurve === "prime256v1") return key;
  } catch {
    // Told below.
  }
  throw new Error("a public key must be PEM, on the curve P-256");
}
