import { createPrivateKey, X509Certificate } from "node:crypto";
import type { CredentialOf } from "../../../lib/config/credential.ts";
import type { Secrets } from "../../aws/secrets.ts";
import type { ClientCertificate, Credential } from "./credential.ts";
import { noCredential, step } from "./no-credential.ts";

/**
 * Mutual TLS. A new certificate is shown on connections that are made after the rotation; servers trust its authority,
 * so the one before is taken until it expires.
 */
export function clientCertificate({ secretName }: CredentialOf<"mutual-tls">, secrets: Secrets): Required<Credential> {
  let known: { readonly text: string; readonly certificate: ClientCertificate } | undefined;
  return {
    present: async () => ({ headers: {} }),
    async certificate() {
      const text = await step("its secret cannot be read", () => secrets.current(secretName));
      if (known?.text !== text) known = { text, certificate: read(text) };
      return known.certificate;
    },
  };
}

/** Read here, so that a pair that cannot work is named as what it is and not as a failed handshake. */
function read(text: string): ClientCertificate {
  try {
    const { certificate: cert, key } = JSON.parse(text) as { readonly certificate: string; readonly key: string };
    if (new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return { cert, key };
  } catch {
    // A message of the parser would quote the key.
  }
  throw noCredential("its secret is not JSON with a certificate and its key in PEM");
}
