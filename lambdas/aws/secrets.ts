import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { Environment } from "../environment.ts";
import { clientOptions } from "./clients.ts";
import { fresh } from "./fresh.ts";

/** Milliseconds until a rotated secret is picked up. */
const LIFETIME = 300_000;

export interface Secrets {
  /** The current text of a secret. */
  current(name: string): Promise<string>;
  /** Current and, where there is one, previous text: two versions are valid while a secret rotates. */
  versions(name: string): Promise<readonly string[]>;
  /** The versions as they are now, for who was refused with those that are kept. */
  again(name: string): Promise<readonly string[]>;
}

/** Secrets Manager, cached for five minutes. */
export function secretsManager(environment: Environment): Secrets {
  const client = new SecretsManagerClient(clientOptions(environment, "SECRETS_MANAGER"));
  const cache = new Map<string, () => Promise<readonly string[]>>();

  const read = async (SecretId: string, VersionStage: string): Promise<string> => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId, VersionStage }));
    if (!SecretString) throw new Error(`the secret ${SecretId} holds no text`);
    return SecretString;
  };
  const previous = async (name: string): Promise<string[]> => {
    try {
      return [await read(name, "AWSPREVIOUS")];
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return [];
      throw error;
    }
  };
  const versions = (name: string): Promise<readonly string[]> => {
    const get =
      cache.get(name) ?? fresh(async () => [await read(name, "AWSCURRENT"), ...(await previous(name))], LIFETIME);
    cache.set(name, get);
    return get();
  };
  const again = async (name: string) => {
    const before = cache.get(name);
    cache.delete(name);
    try {
      return await versions(name);
    } catch (error) {
      // What is kept is as good as it was.
      if (before !== undefined) cache.set(name, before);
      throw error;
    }
  };
  return { versions, again, current: async (name) => (await versions(name))[0] ?? "" };
}
