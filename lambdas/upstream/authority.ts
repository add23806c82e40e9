import type { ServerConfig } from "../../lib/config/schema.ts";
import { UpstreamFailure } from "../domain/upstream/answer.ts";
import type { TlsMaterial } from "./connections.ts";

/**
 * The private authority that a server's certificate is checked against, instead of the public ones; undefined where it has none.
 *
 * @param authorities PEM text by server, where the configuration named a file
 * @param secret the current text of a secret
 * @returns what a connection is made with; the same object until the text changes
 */
export function authorityOf(
  { name, ca }: Pick<ServerConfig, "name" | "ca">,
  authorities: Readonly<Record<string, string>>,
  secret: (name: string) => Promise<string>,
): (() => Promise<TlsMaterial>) | undefined {
  if (ca === undefined) return undefined;
  let known = { ca: "" };
  return async () => {
    const pem = "secretName" in ca ? await secret(ca.secretName).catch(fail) : (authorities[name] ?? "");
    // Node takes a text without a certificate for an empty list, and trusts nobody: the reason would be lost.
    if (!pem.includes("-----BEGIN CERTIFICATE-----")) fail();
    if (known.ca !== pem) known = { ca: pem };
    return known;
  };
}

const fail = (cause?: unknown): never => {
  throw new UpstreamFailure("cannot be trusted: its certificate authority cannot be read", false, { cause });
};
