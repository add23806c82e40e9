import type { Secrets } from "../../../lambdas/aws/secrets.ts";
import { serverCredentials } from "../../../lambdas/upstream/credentials/server-credentials.ts";

/** Secrets whose texts a test holds, with the newest first; `reads` counts who asks past the cache. */
export function secretsOf(texts: Record<string, string | readonly string[]>): Secrets & { readonly reads: string[] } {
  const reads: string[] = [];
  // What is kept, as Secrets Manager's adapter keeps it: only `again` sees a rotation.
  const kept = new Map<string, readonly string[]>();
  const read = (name: string) => {
    const found = texts[name];
    if (found === undefined) throw new Error(`no secret ${name}`);
    kept.set(name, typeof found === "string" ? [found] : [...found]);
    return kept.get(name) ?? [];
  };
  const versions = async (name: string) => kept.get(name) ?? read(name);
  return {
    reads,
    versions,
    current: async (name) => (await versions(name))[0] ?? "",
    again: async (name) => {
      reads.push(name);
      return read(name);
    },
  };
}

/** Credentials of servers with such secrets. */
export const credentialsOf = (texts: Record<string, string | readonly string[]>) =>
  serverCredentials({ servers: [], issuers: [], secrets: secretsOf(texts), environment: {} });
