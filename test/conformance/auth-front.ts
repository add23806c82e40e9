import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { discoverOAuthProtectedResourceMetadata, extractWWWAuthenticateParams } from "@modelcontextprotocol/client";
import { ENV } from "../../lambdas/environment.ts";
import { createApp } from "../../lib/app.ts";
import { buildSettings } from "../../lib/config/settings.ts";
import type { Buffered } from "../../local/api/functions.ts";
import { startFront } from "../../local/front.ts";
import { writeLocalConfig } from "../../local/local-config.ts";
import { closeServer, listen } from "../../local/port.ts";
import { gatewayResponsesOf, routesOf, stageOf } from "../../local/routes.ts";
import type { Template } from "../../local/template.ts";
import { makeWorkFolder } from "../../local/work-folder.ts";
import { pass } from "./pass.ts";
import { textOf } from "./relay.ts";

/** The gateway as the resource server of an auth scenario. */
export interface AuthFront {
  /** What the client connects to. */
  readonly url: string;
  /** A PUT of the scenario's URL makes the scenario's authorization server the gateway's issuer. */
  readonly aim: string;
  /** `resource` of the metadata that a client was given last. */
  readonly told: () => string | undefined;
  stop(): Promise<void>;
}

const SERVER = "relay";
const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/**
 * The refusal and the metadata are the gateway's own: API Gateway's responses as the template declares them, and the
 * function `site` with the scenario's authorization server as its issuer. What carries a token goes to the scenario's
 * server, which alone can tell whether the token is good: it is no JWT, and a gateway would never pass it on. A 401 from
 * there becomes the gateway's own.
 */
export async function startAuthFront(): Promise<AuthFront> {
  const { folder, stop: removeFolder } = makeWorkFolder();
  const inner = await startFront();
  let target = new URL("http://127.0.0.1");
  let told: string | undefined;

  const server = createServer((request, response) => {
    answer(request, response).catch(() => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  });
  const publicUrl = `http://127.0.0.1:${await listen(server)}`;
  const api = apiOf(configFor("http://127.0.0.1", publicUrl, folder), folder);

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { authorization } = request.headers;
    if (request.url === "/aim") {
      if (request.method === "PUT") target = new URL(await textOf(request));
      response.writeHead(204).end();
    } else if (request.url?.startsWith(WELL_KNOWN)) {
      const site = await siteFor(await issuerOf(target), publicUrl, folder);
      inner.serve(api, { authorizer: refuse, streaming: {}, buffered: { site } });
      const metadata = await fetch(inner.url + request.url);
      const text = await metadata.text();
      told = (JSON.parse(text) as { resource?: string }).resource ?? told;
      response.writeHead(metadata.status, { "content-type": "application/json" }).end(text);
    } else if (authorization === undefined)
      pass(request, response, { to: new URL(request.url ?? "/", inner.url), headers: request.headers });
    else {
      const headers = { ...request.headers, host: target.host };
      pass(request, response, { to: target, headers, refused: () => refused(response) });
    }
  };
  const refused = async (response: ServerResponse) => {
    const own = await fetch(`${inner.url}/mcp/${SERVER}`, { method: "POST" });
    response.writeHead(own.status, Object.fromEntries(own.headers)).end(await own.text());
  };
  inner.serve(api, { authorizer: refuse, streaming: {}, buffered: {} });

  return {
    url: `${publicUrl}/mcp/${SERVER}`,
    aim: `${publicUrl}/aim`,
    told: () => told,
    stop: async () => {
      await closeServer(server);
      await inner.stop();
      await removeFolder();
    },
  };
}

/** No token gets this far. */
const refuse = () => Promise.reject(new Error("Unauthorized"));

/**
 * The authorization server that the scenario's own resource server names. Only asked when a client asks for the
 * gateway's metadata, so that a scenario which waits for that request sees one exactly when there was one.
 */
async function issuerOf(target: URL): Promise<string> {
  const challenge = await fetch(target, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  const { resourceMetadataUrl } = extractWWWAuthenticateParams(challenge);
  await challenge.body?.cancel();
  const metadata = await discoverOAuthProtectedResourceMetadata(
    target,
    resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl },
  );
  return metadata.authorization_servers?.[0] ?? "";
}

function configFor(issuer: string, publicUrl: string, folder: string): string {
  const nobody = () => Promise.reject(new Error("there is no sign-in here"));
  return writeLocalConfig({
    folder,
    publicUrl,
    oidc: {
      issuer,
      jwksUri: `${issuer}/jwks`,
      ciIssuer: `${publicUrl}/ci`,
      ciJwksUri: `${publicUrl}/ci/jwks`,
      ciSecret: "",
      forge: nobody,
      stop: nobody,
    },
    servers: [{ name: SERVER, url: `${publicUrl}/upstream`, credential: "" }],
    times: {},
  });
}

/** Routes and refusals, read from the template that would be deployed. */
function apiOf(configFile: string, folder: string) {
  const app = createApp({ configFile, outdir: join(folder, "cdk.out"), bundling: false, checks: false });
  const template = app.synth().getStackByName("CountersignGateway").template as Template;
  return { routes: routesOf(template), gatewayResponses: gatewayResponsesOf(template), stage: stageOf(template) };
}

async function siteFor(issuer: string, publicUrl: string, folder: string): Promise<Buffered> {
  const { createSite } = await import("../../lambdas/site/site.ts");
  const consoleFolder = join(folder, "console");
  mkdirSync(consoleFolder, { recursive: true });
  writeFileSync(join(consoleFolder, "index.html"), "");
  const settingsFile = join(folder, "settings.json");
  writeFileSync(settingsFile, JSON.stringify(buildSettings(configFor(issuer, publicUrl, folder))));
  return createSite({ [ENV.settingsFile]: settingsFile, [ENV.consoleFolder]: consoleFolder }) as Buffered;
}
