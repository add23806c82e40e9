import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { exportJWK, SignJWT } from "jose";
import { closeServer, listen } from "../../../local/port.ts";

/** The audience that the shipped configuration accepts. */
const AUDIENCE = "https://countersign.example.com";

/** An issuer on loopback: it serves its key set and signs tokens of the size that providers make. */
export async function startIssuer() {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const keys = [{ ...(await exportJWK(publicKey)), kid: "k1", use: "sig", alg: "RS256" }];
  const server = createServer((_, response) => void response.end(JSON.stringify({ keys })));
  const url = `http://127.0.0.1:${await listen(server)}`;
  return {
    url,
    token: (subject = "developer") =>
      new SignJWT({
        iss: url,
        aud: AUDIENCE,
        sub: subject,
        azp: "client",
        name: "Dana Developer",
        email: "dana@example.com",
        email_verified: true,
        sid: "sign-in-1",
        groups: ["developers", ...Array.from({ length: 20 }, (_, at) => `another-group-${at}`)],
      })
        .setProtectedHeader({ alg: "RS256", kid: "k1", typ: "at+jwt" })
        .setIssuedAt()
        .setExpirationTime("1h")
        .sign(privateKey),
    stop: () => closeServer(server),
  };
}

export type Issuer = Awaited<ReturnType<typeof startIssuer>>;
