import "reflect-metadata";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** A certificate with its key, both PEM. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate authority of a test's own. */
export async function authority(name: string) {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const own = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [new BasicConstraintsExtension(true, 0, true)],
  });
  return {
    pem: own.toString("pem"),
    /** Signs a certificate: of a server on loopback, or of a client. */
    async sign(subject: string, use: "server" | "client", days = 1): Promise<Pair> {
      const theirs = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
      const certificate = await X509CertificateGenerator.create({
        subject: `CN=${subject}`,
        issuer: own.subject,
        publicKey: theirs.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        notBefore: new Date(Date.now() - 2 * 86_400_000),
        notAfter: new Date(Date.now() + days * 86_400_000),
        extensions: [
          new ExtendedKeyUsageExtension([use === "server" ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth]),
          ...(use === "server" ? [new SubjectAlternativeNameExtension([{ type: "ip", value: "127.0.0.1" }])] : []),
        ],
      });
      const key = PemConverter.encode(await crypto.subtle.exportKey("pkcs8", theirs.privateKey), "PRIVATE KEY");
      return { certificate: certificate.toString("pem"), key };
    },
  };
}
