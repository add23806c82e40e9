import { REFUSED_MESSAGE, type Refusal } from "../domain/identity/refusal.ts";

/** A 401 or 403 as a log tells of it. */
export interface RefusedLine {
  readonly why: string;
  readonly method: string;
  readonly path: string;
  readonly ip: string;
  readonly userAgent: string;
  readonly requestId: string;
}

/** A line of the API's access log: `lib/constructs/access-log.ts` says which. A dash stands for what there was not. */
export interface AccessLine {
  readonly status: string;
  readonly requestId: string;
  readonly ip: string;
  readonly httpMethod: string;
  readonly resourcePath: string;
  readonly responseType: string;
  readonly authorizerLatency: string;
  readonly integrationStatus: string;
}

/**
 * What a line says of a refusal; "recorded" where whoever refused records it, as the approvers' and auditors' API does, and the
 * gateway for a foreign origin; undefined when it tells of none, or of one of which the authorizer's own line says more.
 */
export function refusedLine(text: string): RefusedLine | "recorded" | undefined {
  let line: { readonly message?: unknown; readonly refusal?: Refusal } & Partial<AccessLine>;
  try {
    line = JSON.parse(text) ?? {};
  } catch {
    return undefined;
  }
  if (line.message === REFUSED_MESSAGE && line.refusal !== undefined) return ofToken(line.refusal);
  if (line.status !== "401" && line.status !== "403") return undefined;
  const byApi = line.integrationStatus === "-";
  // Of what was let through, the gateway refuses a token with 401, and with 403 what it records itself, such as a foreign origin.
  const expired = line.status === "401" && line.resourcePath?.startsWith("/mcp/") === true;
  if (byApi && line.authorizerLatency !== "-") return undefined;
  if (!byApi && !expired) return "recorded";
  return {
    why: byApi ? (API_WORDS[line.responseType ?? ""] ?? `refused by the API (${line.status})`) : AFTERWARDS,
    method: line.httpMethod ?? "",
    path: line.resourcePath ?? "",
    ip: line.ip ?? "",
    userAgent: "",
    requestId: line.requestId ?? "",
  };
}

/** The gateway looks again at what the authorizer's cached answer let through. */
const AFTERWARDS = "the token had expired since it was verified, or is meant for another audience";
const API_WORDS: Readonly<Record<string, string>> = {
  UNAUTHORIZED: "no token",
  ACCESS_DENIED: "a token that was denied before",
  WAF_FILTERED: "the firewall",
  MISSING_AUTHENTICATION_TOKEN: "there is nothing at this path",
};

function ofToken({ fault, why, issuer, bytes, sha256, method, path, ip, userAgent, requestId }: Refusal): RefusedLine {
  const claimed = issuer === null ? "" : `, of ${issuer} by its own word`;
  const said = why === undefined ? fault : `${fault}: ${why}`;
  return {
    why: `${said} (token of ${bytes} bytes${claimed}, SHA-256 ${sha256})`,
    method,
    path,
    ip,
    userAgent,
    requestId,
  };
}
