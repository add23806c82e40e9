import { readStrict, StrictJsonError } from "../json/strict.ts";
import type { Claims } from "./principal-of-claims.ts";
import { TokenRefused } from "./token-refused.ts";

/** A token's parts as they were sent: nothing of it is verified, and nothing may be logged. */
export interface UnverifiedToken {
  readonly header: Claims;
  readonly payload: Claims;
}

/** API Gateway takes 10,240 bytes of headers in all. */
const LONGEST = 8192;
/** Containers in one another: `act` chains and nested groups are far below. */
const DEEPEST = 24;

/**
 * Members of the header that change how a token is read, or bring or name a key of the sender's choice. Nothing here
 * follows them, and no issuer that the gateway knows needs them.
 */
const REFUSED_MEMBERS = ["crit", "b64", "zip", "enc", "jwk", "jku", "x5u", "x5c"];

/**
 * Reads a compact JWS without trusting it. Two parsers must not read it differently, so a member that stands in it
 * twice is refused (RFC 7519 section 4 lets a parser take either).
 *
 * @throws TokenRefused `oversize`, `malformed`, `duplicate-member` or `header`
 */
export function readToken(token: string): UnverifiedToken {
  // Its issuer makes the next one as long: a 401 would send the client to sign in again and again.
  if (token.length > LONGEST) throw new TokenRefused("oversize", null, { why: tooLong(token.length) });
  const [, header, payload] = token.match(/^([\w-]+)\.([\w-]+)\.[\w-]+$/) ?? [];
  if (header === undefined || payload === undefined) throw new TokenRefused("malformed");
  const read = { header: membersOf(header), payload: membersOf(payload) };
  if (REFUSED_MEMBERS.some((name) => Object.hasOwn(read.header, name))) throw new TokenRefused("header");
  return read;
}

const tooLong = (bytes: number): string =>
  `the token is ${bytes} bytes long, and at most ${LONGEST} are read; have the issuer put fewer groups or claims into it`;

function membersOf(part: string): Claims {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(part, "base64url"));
    const members = readStrict(text, { depth: DEEPEST, anyNumber: true });
    if (typeof members === "object" && members !== null && !Array.isArray(members)) return members as Claims;
  } catch (cause) {
    if (cause instanceof StrictJsonError && cause.code === "duplicate_key") throw new TokenRefused("duplicate-member");
  }
  throw new TokenRefused("malformed");
}
