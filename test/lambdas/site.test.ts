import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { afterAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { createSite } from "../../lambdas/site/site.ts";
import { configSchema } from "../../lib/config/schema.ts";
import { withSaml } from "../lib/saml-config.ts";

const folder = mkdtempSync(join(tmpdir(), "site-"));
const consoleFolder = join(folder, "console");
mkdirSync(join(consoleFolder, "assets"), { recursive: true });
writeFileSync(join(folder, "secret.txt"), "not for the web");
writeFileSync(
  join(consoleFolder, "index.html"),
  '<link href="./assets/page-1a2b.css"><script src="./assets/index-1a2b.js"></script>',
);
writeFileSync(join(consoleFolder, "assets/index-1a2b.js"), "export {};");
writeFileSync(join(consoleFolder, "assets/mark-1a2b.png"), Buffer.from([0x89, 0x50, 0xff]));
writeFileSync(join(consoleFolder, "icon.svg"), "<svg/>");
const style = "main { display: block }\n".repeat(500);
writeFileSync(join(consoleFolder, "assets/page-1a2b.css"), style);
afterAll(() => rmSync(folder, { recursive: true }));

/** Read only where people come by a user pool. */
const POOL = {
  issuer: "https://pool.example.com/1",
  domain: "https://d.example.com",
  mcpClient: "m",
  consoleClient: "c",
};
const gateway = configSchema.parse(parse(readFileSync("config/gateway.yaml", "utf8")));
const published = site("published", gateway);
const trial = site("trial", { ...gateway, publicUrl: null, certificateArn: null });

function site(name: string, config: typeof gateway) {
  const settings = join(folder, `${name}.json`);
  writeFileSync(settings, JSON.stringify({ config }));
  return createSite({ SETTINGS_FILE: settings, CONSOLE_FOLDER: consoleFolder, IDENTITY_POOL: JSON.stringify(POOL) });
}

async function ask(target: typeof published, path: string, more: Partial<APIGatewayProxyEvent> = {}) {
  const requestContext = { domainName: "abc123.execute-api.eu-central-1.amazonaws.com", stage: "try" };
  const event = { httpMethod: "GET", path, requestContext, ...more } as APIGatewayProxyEvent;
  const answer: APIGatewayProxyResult = await target(event, {} as Context);
  return { ...answer, headers: answer.headers ?? {} };
}

describe("protected-resource metadata", () => {
  it("describes the gateway at its root, naming only the issuers of people", async () => {
    const answer = await ask(published, "/.well-known/oauth-protected-resource");
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["access-control-allow-origin"]).toBe("*");
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(answer.body)).toEqual({
      resource: "https://countersign.example.com",
      resource_name: "Countersign",
      authorization_servers: ["https://login.example.com"],
      bearer_methods_supported: ["header"],
    });
  });

  it("describes each configured server by its own URL", async () => {
    const answer = await ask(published, "/.well-known/oauth-protected-resource/mcp/ops");
    expect(JSON.parse(answer.body)).toMatchObject({
      resource: "https://countersign.example.com/mcp/ops",
      resource_name: "Countersign: ops",
    });
  });

  it.each([
    "/.well-known/oauth-protected-resource/mcp/nobody",
    "/.well-known/oauth-protected-resource/mcp/",
    "/.well-known/security.txt",
  ])("answers 404 at %s", async (path) => {
    const answer = await ask(published, path);
    expect(answer.statusCode).toBe(404);
    expect(answer.headers["access-control-allow-origin"]).toBe("*");
    expect(JSON.parse(answer.body)).toMatchObject({ code: "not_found" });
  });

  it("takes the URL of a trial from the request's domain and stage", async () => {
    const answer = await ask(trial, "/.well-known/oauth-protected-resource/mcp/ops");
    expect(JSON.parse(answer.body)).toMatchObject({
      resource: "https://abc123.execute-api.eu-central-1.amazonaws.com/try/mcp/ops",
    });
  });
});

describe("the console's files", () => {
  it("serves the page, never kept, under a policy that runs nothing inline and talks to the sign-in alone", async () => {
    const answer = await ask(published, "/console/");
    expect(answer.body).toContain('src="./assets/index-1a2b.js"');
    expect(answer.headers).toEqual({
      "cache-control": "no-store",
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' https://login.example.com; " +
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self' https://login.example.com",
      "cross-origin-opener-policy": "same-origin",
      "permissions-policy": "camera=(), clipboard-read=(), geolocation=(), microphone=(), payment=(), usb=()",
      "referrer-policy": "no-referrer",
      "strict-transport-security": "max-age=63072000; includeSubDomains",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
  });

  it("lets hashed files be kept for ever, and others not", async () => {
    const hashed = await ask(published, "/console/assets/index-1a2b.js");
    expect(hashed.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(hashed.headers["content-type"]).toBe("text/javascript; charset=utf-8");
    const named = await ask(published, "/console/icon.svg");
    expect(named.headers["cache-control"]).toBe("no-store");
  });

  it("sends bytes that are no text as base64", async () => {
    const answer = await ask(published, "/console/assets/mark-1a2b.png");
    expect(answer.isBase64Encoded).toBe(true);
    expect(Buffer.from(answer.body, "base64")).toEqual(Buffer.from([0x89, 0x50, 0xff]));
  });

  describe("compressed", () => {
    const asked = (name: string, ...values: string[]) =>
      ask(published, "/console/assets/page-1a2b.css", { multiValueHeaders: { [name]: values } });

    it.each([["gzip, deflate, br, zstd"], ["br;q=1.0, GZIP;q=0.5"], ["*"]])(
      "are sent so to who accepts it: %s",
      async (value) => {
        const answer = await asked("accept-encoding", value);
        expect(answer.headers).toMatchObject({
          "content-encoding": "gzip",
          "content-type": "text/css; charset=utf-8",
          vary: "accept-encoding",
        });
        const sent = Buffer.from(answer.body, "base64");
        expect([answer.isBase64Encoded, gunzipSync(sent).toString()]).toEqual([true, style]);
        expect(sent.length).toBeLessThan(style.length / 10);
      },
    );

    it.each([[["br"]], [["gzip;q=0"]], [["gzip;q=0.000, *"]], [["*;q=0"]], [[]]])(
      "are not to who does not: %j",
      async (values) => {
        const answer = await asked("Accept-Encoding", ...values);
        expect([answer.body, answer.isBase64Encoded]).toEqual([style, false]);
        expect(answer.headers["content-encoding"]).toBeUndefined();
        expect(answer.headers.vary).toBe("accept-encoding");
      },
    );

    it("reads the header's name in any case, and its values together", async () => {
      expect((await asked("Accept-Encoding", "br", "gzip")).headers["content-encoding"]).toBe("gzip");
    });

    it("are not where it saves nothing", async () => {
      for (const path of ["/console/", "/console/a/b", "/console/icon.svg", "/console/assets/mark-1a2b.png"]) {
        const answer = await ask(published, path, { multiValueHeaders: { "accept-encoding": ["gzip"] } });
        expect(answer.headers["content-encoding"], path).toBeUndefined();
        expect(answer.headers.vary, path).toBeUndefined();
      }
    });
  });

  it("has an icon under the name that browsers ask for by themselves", async () => {
    const answer = await ask(published, "/console/favicon.ico");
    expect([answer.statusCode, answer.headers["content-type"], answer.body]).toEqual([200, "image/svg+xml", "<svg/>"]);
  });

  it("answers any place inside the page with the page, whose parts are still found", async () => {
    const near = await ask(published, "/console/approvals");
    expect(near.body).toContain('src="./assets/index-1a2b.js"');
    const deep = await ask(published, "/console/approvals/a/b");
    expect(deep.statusCode).toBe(200);
    expect(deep.body).toContain('src="../../assets/index-1a2b.js"');
    expect(deep.headers["cache-control"]).toBe("no-store");
  });

  it("answers 404 where a file was meant and is not there", async () => {
    expect((await ask(published, "/console/assets/index-0000.js")).statusCode).toBe(404);
  });

  it.each([
    "/console/../secret.txt",
    "/console/assets/../../secret.txt",
    "/console/%2e%2e/secret.txt",
    "/console/..%2fsecret.txt",
    "/console/..\\secret.txt",
    "/console//etc/passwd",
    "/console/../published.json",
  ])("never leaves its folder for %s", async (path) => {
    const answer = await ask(published, path);
    expect(answer.body).not.toMatch(/not for the web|root:|identity/);
    expect([404, 200]).toContain(answer.statusCode);
    if (answer.statusCode === 200) expect(answer.headers["content-type"]).toContain("text/html");
  });

  it("sends /console to the page with the sign-in's answer, below the stage of a trial", async () => {
    const multiValueQueryStringParameters = { code: ["a b"], state: ["x&y"] };
    const answer = await ask(trial, "/console", { multiValueQueryStringParameters });
    expect(answer.statusCode).toBe(302);
    expect(answer.headers.location).toBe(
      "https://abc123.execute-api.eu-central-1.amazonaws.com/try/console/index.html?code=a+b&state=x%26y",
    );
    expect((await ask(published, "/console")).headers.location).toBe(
      "https://countersign.example.com/console/index.html",
    );
  });

  it("tells the page how to sign people in, and nothing more", async () => {
    const answer = await ask(trial, "/console/settings.json");
    expect(JSON.parse(answer.body)).toEqual({
      authority: "https://login.example.com",
      clientId: "countersign-console",
      audience: "https://countersign.example.com/console",
      scope: "openid",
      publicUrl: "https://abc123.execute-api.eu-central-1.amazonaws.com/try",
      freshForSeconds: 900,
    });
    expect(answer.headers["cache-control"]).toBe("no-store");
  });

  it("lets the page reach a sign-in that is elsewhere than the issuer, as a user pool's is, and asks it for no resource", async () => {
    const federated = site("federated", configSchema.parse(withSaml()));
    const answer = await ask(federated, "/console/settings.json");
    expect(JSON.parse(answer.body)).toMatchObject({
      authority: POOL.issuer,
      clientId: "c",
      audience: null,
    });
    expect(answer.headers["content-security-policy"]).toContain(
      "connect-src 'self' https://pool.example.com https://d.example.com;",
    );
    const metadata = await ask(federated, "/.well-known/oauth-authorization-server");
    expect(JSON.parse(metadata.body)).toMatchObject({
      authorization_endpoint: "https://d.example.com/oauth2/authorize",
      token_endpoint: "https://d.example.com/oauth2/token",
    });
  });

  it("claims no TLS on loopback", async () => {
    const local = site("local", { ...gateway, publicUrl: "http://127.0.0.1:8080", certificateArn: null });
    expect((await ask(local, "/console/")).headers["strict-transport-security"]).toBeUndefined();
  });
});

describe("everything else", () => {
  it.each(["POST", "PUT", "DELETE", "OPTIONS", "HEAD"])("refuses %s", async (httpMethod) => {
    const answer = await ask(published, "/console/", { httpMethod });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers.allow).toBe("GET");
  });

  it.each(["/", "/consoles/", "/settings.json", "/mcp/ops"])("answers 404 at %s", async (path) => {
    expect((await ask(published, path)).statusCode).toBe(404);
  });

  it("does not start without a built console, and says how to make one", () => {
    const environment = { SETTINGS_FILE: join(folder, "published.json"), CONSOLE_FOLDER: join(folder, "nowhere") };
    expect(() => createSite(environment)).toThrow(/node console\/build\.ts/);
  });

  it("answers a failure without its details, which go to the log under the request's id, and is counted", async () => {
    vi.stubEnv("POWERTOOLS_LOG_LEVEL", "INFO");
    vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
    const talkative = site("talkative", gateway);
    vi.unstubAllEnvs();
    const written: string[] = [];
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, "write").mockImplementation((text) => {
        written.push(String(text));
        return true;
      });
    const broken = { httpMethod: "GET", requestContext: { domainName: "d", stage: "try", requestId: "r-1" } };
    const answer = await talkative(broken as APIGatewayProxyEvent, {} as Context).finally(() => vi.restoreAllMocks());
    expect(answer.statusCode).toBe(500);
    expect(JSON.parse(answer.body)).toEqual({ code: "internal", message: "The page could not be served." });
    expect(written.map((line) => JSON.parse(line))).toMatchObject([
      { service: "every", RequestsFailed: 1 },
      { service: "site", message: "a page could not be served", requestId: "r-1", error: { name: "TypeError" } },
    ]);
  });
});
