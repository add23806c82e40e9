import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import { exportJWK, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose";
import { closeServer, listen } from "../../../local/port.ts";

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export const rsa = (modulusLength = 2048): KeyPair => generateKeyPairSync("rsa", { modulusLength });

/** A public key as a key set lists it. */
export const listed = async ({ publicKey }: KeyPair, kid: string, more: JWK = {}): Promise<JWK> => ({
  ...(await exportJWK(publicKey)),
  kid,
  use: "sig",
  ...more,
});

/** An issuer's own web server: what it answers can be changed while it runs, and it counts who asked. */
export async function startIssuer(answer: RequestListener) {
  const state = { answer, asked: 0 };
  const server = createServer((request, response) => {
    state.asked += 1;
    state.answer(request, response);
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  return { url, state, stop: () => closeServer(server) };
}

export const serving =
  (...keys: JWK[]): RequestListener =>
  (_, response) =>
    void response.end(JSON.stringify({ keys }));

export const seconds = () => Math.floor(Date.now() / 1000);

export const signed = (
  payload: JWTPayload,
  key: KeyObject | Uint8Array,
  header: Partial<JWTHeaderParameters> & Record<string, unknown> = {},
) => new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid: "k1", ...header }).sign(key);

/** A token whose parts are exactly these texts, signed as they are: what no library would write. */
export async function signedText(header: string, payload: string, { privateKey }: KeyPair): Promise<string> {
  const { sign } = await import("node:crypto");
  const input = [header, payload].map((part) => Buffer.from(part).toString("base64url")).join(".");
  return `${input}.${sign("sha256", Buffer.from(input), privateKey).toString("base64url")}`;
}
