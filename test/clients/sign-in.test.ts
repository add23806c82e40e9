import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CI_CLIENT, CLI_CLIENT } from "../../local/oidc/accounts.ts";
import { signInAt } from "../../local/oidc/robot.ts";
import { freePort } from "../../local/port.ts";
import { type Gateway, modern, openGateway } from "../support/gateway.ts";
import { challengeOf } from "./support/discovery.ts";
import { DOCUMENTED } from "./support/documented.ts";
import { callbackId, readGuide } from "./support/guide.ts";
import { type Person, startPerson } from "./support/person.ts";
import { connectV1 } from "./support/v1.ts";

const guide = readGuide();
const [printCallbackId = "", inspect = "", callFromJob = ""] = guide.commands;
const sh = promisify(execFile);

let gateway: Gateway;
let server: URL;
beforeAll(async () => {
  const port = await freePort();
  server = new URL(`http://127.0.0.1:${port}/mcp/ops`);
  const redirectUris = guide.redirectUris.map((uri) => uri.replace(callbackId(guide.server), callbackId(server)));
  gateway = await openGateway({ port, registration: true, redirectUris });
}, 120_000);
afterAll(() => gateway?.stack.stop(), 30_000);

/** What the guide says, with this gateway in the place of its example. */
const here = (words: string) => words.replace(guide.server.origin, server.origin);

async function atMachine<Value>(act: (person: Person) => Promise<Value>): Promise<Value> {
  const person = startPerson();
  try {
    return await act(person);
  } finally {
    person.leave();
  }
}

/** Calls a tool with a token, and gives what the tool said. */
async function rolesFor(token: string): Promise<unknown> {
  const { messages } = await gateway.send("ops", {
    ...modern("tools/call", { name: "list_roles", arguments: {} }),
    token,
  });
  return messages.at(-1);
}

test("the guide has three commands that run, and each runs below", () => {
  expect(guide.commands).toEqual([
    expect.stringMatching(/^node -p /),
    expect.stringMatching(/^npx @modelcontextprotocol\/inspector@\S+ --cli \S+ --transport http --method tools\/list$/),
    expect.stringContaining("$TOKEN"),
  ]);
});

test("the guide's command prints what Codex puts behind its callback, and the guide lists it", async () => {
  const { stdout } = await atMachine(({ env }) => sh("sh", ["-c", printCallbackId], { env }));
  expect(stdout.trim()).toBe(callbackId(guide.server));
  expect(guide.redirectUris).toContain(`http://127.0.0.1/callback/${stdout.trim()}`);
});

test(
  "mcp-remote, by the guide's settings, signs its person in, calls a tool, and asks nobody the second time",
  () =>
    atMachine(async (person) => {
      const { command, args } = guide.settings("mcp-remote").mcpServers.ops;
      const start = () =>
        connectV1(
          new StdioClientTransport({
            command,
            // The local gateway has no TLS.
            args: [...args.map(here), "--allow-http"],
            env: { ...person.env },
            stderr: "ignore",
          }),
        );
      const [{ page, status }, first] = await Promise.all([person.signIn("developer"), start()]);
      expect(status).toBe(200);
      expect(Object.fromEntries(page.searchParams)).toMatchObject({
        client_id: CLI_CLIENT,
        code_challenge_method: "S256",
        redirect_uri: expect.stringMatching(/^http:\/\/localhost:\d+\/oauth\/callback$/),
        resource: expect.stringContaining(server.origin),
      });
      expect(await first.ask("tools/call", { name: "list_roles", arguments: {} })).toMatchObject({
        content: [{ type: "text", text: "[]" }],
      });
      await first.close();

      const second = await start();
      expect(JSON.stringify(await second.ask("tools/list"))).toContain("list_roles");
      expect(person.wasAsked()).toBe(false);
      await second.close();
    }),
  120_000,
);

test(
  "the Inspector, by the guide's command, signs its person in and lists the tools",
  () =>
    atMachine(async (person) => {
      const env = {
        ...person.env,
        // Nobody sits at a terminal here, and its usual port may be taken.
        MCP_AUTO_OPEN_ENABLED: "true",
        MCP_OAUTH_CALLBACK_URL: `http://127.0.0.1:${await freePort()}/oauth/callback`,
      };
      const running = sh("sh", ["-c", here(inspect)], { env, timeout: 90_000 });
      running.child.stdin?.end();
      const [{ page, status }, { stdout }] = await Promise.all([person.signIn("developer"), running]);
      expect(status).toBe(200);
      expect(page.searchParams.get("client_id")).toBe(CLI_CLIENT);
      expect(stdout).toContain("list_roles");
    }),
  120_000,
);

test(
  "a job calls a tool with its platform's token, by the guide's command, and opens no page",
  () =>
    atMachine(async (person) => {
      const run = (TOKEN: string) => {
        const running = sh("sh", ["-c", here(callFromJob)], { env: { ...person.env, TOKEN }, timeout: 50_000 });
        running.child.stdin?.end();
        return running;
      };
      expect((await run(await gateway.stack.token(CI_CLIENT, "mcp"))).stdout).toContain(`"text": "[]"`);
      await expect(run("no-token")).rejects.toMatchObject({ code: 3 });
      expect(person.wasAsked()).toBe(false);
    }),
  120_000,
);

describe.each(DOCUMENTED.map((client) => [client.name, client] as const))(
  "%s, as its makers publish it,",
  (_, client) => {
    test("finds the sign-in from the server's URL, is registered, and calls a tool with the token it gets", async () => {
      const { metadata, resource } = await client.discover(server);
      expect(metadata.code_challenge_methods_supported).toEqual(["S256"]);

      const answer = await fetch(metadata.registration_endpoint, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...client.metadata, redirect_uris: client.redirectUris(server) }),
      });
      const registered = (await answer.json()) as { readonly client_id: string };
      expect(answer.status).toBe(201);
      expect(registered).toMatchObject({
        client_id: CLI_CLIENT,
        token_endpoint_auth_method: "none",
        redirect_uris: client.redirectUris(server).filter((uri) => uri.startsWith("http")),
      });
      expect(registered).not.toHaveProperty("client_secret");

      const token = await signInAt(metadata, {
        account: "developer",
        clientId: registered.client_id,
        redirectUri: client.sentBackTo(server),
        scope: metadata.scopes_supported.join(" "),
        ...(resource === undefined ? {} : { resource }),
      });
      expect(await rolesFor(token)).toMatchObject({ result: { content: [{ type: "text", text: "[]" }] } });
    });
  },
);

describe("Gemini CLI, as its source has it,", () => {
  // https://github.com/google-gemini/gemini-cli/blob/main/packages/core/src/mcp/oauth-utils.ts
  test("refuses the metadata that the 401 of its HEAD names, since its resource is not the server's URL", async () => {
    const { resource } = await challengeOf(server, "HEAD");
    expect(resource).toBe(server.origin);
    expect(resource).not.toBe(server.href);
  });

  // https://github.com/google-gemini/gemini-cli/blob/main/packages/core/src/mcp/oauth-provider.ts
  test("looks for nothing when it is told all, as the guide has it, and calls a tool", async () => {
    const { oauth } = guide.settings("Gemini CLI").mcpServers.ops;
    expect(oauth).toMatchObject({ clientId: expect.any(String), redirectUri: "http://localhost:7777/oauth/callback" });
    expect(oauth).toHaveProperty("authorizationUrl");
    expect(oauth).toHaveProperty("tokenUrl");
    const { issuer } = gateway.stack;
    const token = await signInAt(
      { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` },
      { account: "developer", clientId: CLI_CLIENT, redirectUri: oauth.redirectUri, resource: server.href },
    );
    expect(await rolesFor(token)).toMatchObject({ result: { content: [{ type: "text", text: "[]" }] } });
  });
});
