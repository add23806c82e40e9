import middy from "@middy/core";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { baseUrl } from "../domain/base-url.ts";
import { consoleIssuer, consoleSettings } from "../domain/site/console-settings.ts";
import { protectedResource } from "../domain/site/protected-resource.ts";
import { securityHeaders } from "../domain/site/security-headers.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { METRIC } from "../metric-names.ts";
import { operatorFailures } from "../operator-failures.ts";
import { loadSettings } from "../settings.ts";
import { acceptsGzip } from "./accepts-gzip.ts";
import { readFiles, type SiteFile, type SiteFiles } from "./files.ts";
import { registration } from "./registration.ts";

/**
 * Serves what needs no token: the console's files and the metadata by which clients find the sign-in (RFC 9728).
 * It holds no permission on AWS and answers from memory.
 */
export function createSite(environment: Environment) {
  const { config } = loadSettings(environment);
  const tell = operatorFailures("site");
  const files = readFiles(requireEnv(environment, ENV.consoleFolder));
  const issuer = consoleIssuer(config);
  // A provider's endpoints may be elsewhere than its name, as a user pool's are: where clients are told so, the console needs it too.
  const endpoint = config.registration?.issuer === issuer.name ? config.registration.tokenEndpoint : issuer.issuer;
  const signIn = [issuer.issuer, issuer.jwksUri ?? issuer.issuer, endpoint].map((url) => new URL(url).origin);

  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .onError((request) => {
      // What went wrong is for the operator's log; the caller is anyone.
      tell(METRIC.failed, "a page could not be served", request.error, {
        requestId: request.event.requestContext?.requestId,
      });
      request.response = json(500, problem("internal"), { ...NOT_KEPT, "x-content-type-options": "nosniff" });
    })
    .handler(async (event) => {
      const base = baseUrl(config.publicUrl, event.requestContext);
      const headers = { ...securityHeaders(base, signIn), ...NOT_KEPT };
      const registered = registration(event, base, config);
      if (registered) return json(registered.status, registered.body, { ...headers, ...FOR_ANY_ORIGIN, ...PREFLIGHT });
      if (event.httpMethod !== "GET") return json(405, problem("method_not_allowed"), { ...headers, allow: "GET" });

      const metadata = protectedResource(event.path, base, config);
      if (metadata) return json(200, metadata, { ...headers, ...FOR_ANY_ORIGIN });
      if (event.path === "/console/settings.json") return json(200, consoleSettings(config, base), headers);
      if (event.path === "/console") return redirect(`${base}/console/index.html${query(event)}`, headers);

      const file = consoleFile(event.path, files);
      if (file) return answer(file, acceptsGzip(event), headers);
      const anyOrigin = event.path.startsWith("/.well-known/") ? FOR_ANY_ORIGIN : {};
      return json(404, problem("not_found"), { ...headers, ...anyOrigin });
    });
}

const NOT_KEPT = { "cache-control": "no-store" };
/** The metadata is public, and clients that run in a browser read it too. */
const FOR_ANY_ORIGIN = { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" };
/** A client in a browser asks first whether it may send JSON. */
const PREFLIGHT = {
  "access-control-allow-methods": "GET, POST",
  "access-control-allow-headers": "content-type, mcp-protocol-version",
};
const MESSAGES = {
  internal: "The page could not be served.",
  not_found: "There is nothing at this path.",
  method_not_allowed: "Only GET is answered here.",
};

const problem = (code: keyof typeof MESSAGES) => ({ code, message: MESSAGES[code] });

/**
 * The file at a path under /console/; a path that names no file (no extension) is a place inside the page. Browsers that
 * have not read the page yet ask for an icon by its old name.
 */
function consoleFile(path: string, files: SiteFiles): SiteFile | undefined {
  if (!path.startsWith("/console/")) return undefined;
  const name = path.slice("/console/".length);
  const file = files.get(name === "favicon.ico" ? "icon.svg" : name);
  if (file || name.includes(".")) return file;
  const index = files.get("index.html");
  // The page names its parts relative to itself, because a trial's stage stands before /console.
  const up = "../".repeat(name.split("/").length - 1);
  if (index === undefined || up === "") return index;
  return { ...index, body: index.body.replaceAll('="./', `="${up}`), gzip: null };
}

function answer(
  { type, body, base64, gzip, immutable }: SiteFile,
  takesGzip: boolean,
  headers: Record<string, string>,
): APIGatewayProxyResult {
  const kept = immutable ? "public, max-age=31536000, immutable" : NOT_KEPT["cache-control"];
  const plain = { ...headers, "content-type": type, "cache-control": kept };
  if (gzip === null) return { statusCode: 200, headers: plain, body, isBase64Encoded: base64 };
  const either = { ...plain, vary: "accept-encoding" };
  return takesGzip
    ? { statusCode: 200, headers: { ...either, "content-encoding": "gzip" }, body: gzip, isBase64Encoded: true }
    : { statusCode: 200, headers: either, body, isBase64Encoded: base64 };
}

/** From `/console` the page's relative names would miss its folder. Browsers carry the fragment along. */
function redirect(location: string, headers: Record<string, string>): APIGatewayProxyResult {
  return { statusCode: 302, headers: { ...headers, location }, body: "", isBase64Encoded: false };
}

/** The sign-in comes back with its code in the query, which must survive the redirect. */
function query(event: APIGatewayProxyEvent): string {
  const entries = Object.entries(event.multiValueQueryStringParameters ?? {});
  const text = new URLSearchParams(
    entries.flatMap(([name, values]) => (values ?? []).map((value) => [name, value])),
  ).toString();
  return text && `?${text}`;
}

function json(statusCode: number, body: object, headers: Record<string, string>): APIGatewayProxyResult {
  return {
    statusCode,
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
    isBase64Encoded: false,
  };
}
