import { createServer, type IncomingMessage } from "node:http";
import { inspect } from "node:util";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { CredentialOf } from "../../../lib/config/credential.ts";
import { LOCAL_KEYS, REGION } from "../../../local/aws.ts";
import { type Moto, startMoto } from "../../../local/moto.ts";
import { closeServer, listen } from "../../../local/port.ts";
import { elementOf, startAwsDoor } from "../support/aws-door.ts";
import { callerOf, OK, sceneOf } from "../support/scene.ts";

const ROLE = "arn:aws:iam::123456789012:role/team/files-server";
const RUNTIME = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/files-AbCd";
const PATH = `/runtimes/${encodeURIComponent(RUNTIME)}/invocations?qualifier=DEFAULT&qualifier=a%20b`;

interface Verified {
  readonly keyId: string;
  readonly signedHeaders: readonly string[];
}

let moto: Moto;
let door: Awaited<ReturnType<typeof startAwsDoor>>;
let url: string;
let verified: Verified[] = [];
const { sha256 } = new STSClient({ region: REGION, credentials: LOCAL_KEYS }).config;

/** A service of AWS: it knows the keys that STS gave, and makes every signature again from what arrived. */
const server = createServer(async (request, response) => {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  const good = await signatureHolds(request, Buffer.concat(pieces).toString());
  response.writeHead(good ? 200 : 403, { "content-type": "application/json" }).end(good ? OK : "{}");
});

async function signatureHolds(request: IncomingMessage, body: string): Promise<boolean> {
  const [, keyId = "", date = "", region = "", service = "", list = ""] =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, SignedHeaders=([\w;-]+), Signature=[0-9a-f]{64}$/.exec(
      request.headers.authorization ?? "",
    ) ?? [];
  const given = door.passed.find(({ answer }) => elementOf(answer, "AccessKeyId") === keyId)?.answer ?? "";
  const sessionToken = elementOf(given, "SessionToken");
  if (keyId === "" || request.headers["x-amz-security-token"] !== sessionToken || region !== "us-east-1") return false;
  const signedHeaders = list.split(";");
  const time = String(request.headers["x-amz-date"]);
  const at = new Date(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (!time.startsWith(date) || Math.abs(Date.now() - at.getTime()) > 60_000) return false;
  const credentials = { accessKeyId: keyId, secretAccessKey: elementOf(given, "SecretAccessKey"), sessionToken };
  const arrived = new URL(request.url ?? "", "http://host");
  const query: Record<string, string[]> = {};
  for (const [name, value] of arrived.searchParams) query[name] = [...(query[name] ?? []), value];
  const again = await new SignatureV4({ service, region, credentials, sha256 }).sign(
    {
      method: request.method ?? "",
      protocol: "http:",
      hostname: "host",
      path: arrived.pathname,
      query,
      headers: Object.fromEntries(signedHeaders.map((name) => [name, String(request.headers[name] ?? "")])),
      body,
    },
    { signingDate: at },
  );
  verified.push({ keyId, signedHeaders });
  return again.headers.authorization === request.headers.authorization;
}

beforeAll(async () => {
  moto = await startMoto();
  door = await startAwsDoor(moto.url);
  url = `http://127.0.0.1:${await listen(server)}`;
}, 60_000);
afterAll(async () => {
  await closeServer(server);
  await door.stop();
  await moto.stop();
});
beforeEach(() => {
  verified = [];
  door.passed.length = 0;
  door.feels("open");
});

const credential: CredentialOf<"sigv4"> = {
  kind: "sigv4",
  service: "bedrock-agentcore",
  region: "us-east-1",
  roleArn: ROLE,
  resource: RUNTIME,
  sessionFor: 900,
};
const scene = () =>
  sceneOf({
    url: `${url}${PATH}`,
    credential,
    network: "private",
    environment: { AWS_ENDPOINT_URL: door.url, AWS_REGION: REGION },
  });

describe("SigV4 with an assumed role", () => {
  test("signs what arrives: path, repeated query, body, and the headers of the protocol", async () => {
    const { call } = scene();
    const headers = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-session-id": "s-1" };
    expect(await call(callerOf("anna"), headers)).toEqual({ text: OK });
    expect(verified[0]?.signedHeaders).toEqual([
      "content-type",
      "host",
      "mcp-method",
      "mcp-protocol-version",
      "mcp-session-id",
      "x-amz-content-sha256",
      "x-amz-date",
      "x-amz-security-token",
    ]);
  });

  test("assumes the role for the caller alone: name, source identity, tags, and a policy for this server", async () => {
    const { call } = scene();
    await call(callerOf("00u7", { person: "anna@example.com" }));
    const form = Object.fromEntries(door.passed[0]?.form ?? []);
    expect(form).toMatchObject({
      Action: "AssumeRole",
      RoleArn: ROLE,
      RoleSessionName: expect.stringMatching(/^anna@example\.com\.[0-9a-f]{16}$/),
      SourceIdentity: "anna@example.com",
      DurationSeconds: "900",
    });
    const tags = Object.fromEntries(
      [1, 2, 3, 4].map((at) => [form[`Tags.member.${at}.Key`], form[`Tags.member.${at}.Value`]]),
    );
    expect(tags).toEqual({
      "countersign:issuer": "company",
      "countersign:kind": "user",
      "countersign:principal": "00u7",
      "countersign:server": "srv",
    });
    expect(JSON.parse(form.Policy ?? "")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["bedrock-agentcore:InvokeAgentRuntime", "bedrock-agentcore:InvokeGateway"],
          Resource: [RUNTIME, `${RUNTIME}/*`],
        },
      ],
    });
  });

  test("whoever looks at the keys sees the principal's name", async () => {
    await scene().call(callerOf("00u7", { person: "anna@example.com" }));
    const answer = door.passed[0]?.answer ?? "";
    const credentials = {
      accessKeyId: elementOf(answer, "AccessKeyId"),
      secretAccessKey: elementOf(answer, "SecretAccessKey"),
      sessionToken: elementOf(answer, "SessionToken"),
    };
    const theirs = new STSClient({ endpoint: moto.url, region: REGION, credentials });
    const { Arn } = await theirs.send(new GetCallerIdentityCommand({}));
    expect(Arn).toMatch(/assumed-role\/.*files-server\/anna@example\.com\.[0-9a-f]{16}$/);
  });

  test("no two callers share keys, and one caller's calls share theirs", async () => {
    const { call } = scene();
    for (const who of ["anna", "ben", "anna", "ben", "anna"]) expect(await call(callerOf(who))).toEqual({ text: OK });
    const [a, b, ...more] = verified.map(({ keyId }) => keyId);
    expect(a).not.toBe(b);
    expect(more).toEqual([a, b, a]);
    expect(door.passed).toHaveLength(2);
  });

  test("a session is renewed before it ends, while the old one serves", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const { call } = scene();
      await call(callerOf("anna"));
      vi.setSystemTime(Date.now() + 700_000);
      expect(await call(callerOf("anna"))).toEqual({ text: OK });
      await vi.waitFor(() => expect(door.passed).toHaveLength(2));
      expect(new Set(verified.map(({ keyId }) => keyId)).size).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  test("without a caller nobody's role is assumed and nothing is sent", async () => {
    const { failure } = await scene().call();
    expect(failure).toMatchObject({
      sent: false,
      message: "has no usable credential: it is given for a caller, and there is none",
    });
    expect([door.passed, verified]).toEqual([[], []]);
  });

  test("a role that may not be assumed is told as that, with AWS's word for it", async () => {
    door.feels("denied");
    const { failure } = await scene().call(callerOf("anna"));
    expect(failure).toMatchObject({
      sent: false,
      message: "has no usable credential: its role cannot be assumed (AccessDenied)",
    });
    expect(verified).toEqual([]);
  });

  test("an STS that says nothing is given up within seconds", async () => {
    door.feels("silent");
    const started = performance.now();
    const { failure } = await scene().call(callerOf("anna"));
    expect(failure).toMatchObject({
      sent: false,
      message: "has no usable credential: its role cannot be assumed (TimeoutError)",
    });
    expect(performance.now() - started).toBeLessThan(9000);
  }, 15_000);

  test("a failure holds no key", async () => {
    const { call } = scene();
    await call(callerOf("anna"));
    const secret = elementOf(door.passed[0]?.answer ?? "", "SecretAccessKey");
    await closeServer(server);
    const { failure } = await call(callerOf("anna"));
    expect(failure?.message).toBe("cannot be reached");
    expect(secret.length).toBeGreaterThan(20);
    expect(inspect(failure, { depth: 10 })).not.toContain(secret);
    await new Promise<void>((done) => server.listen(Number(new URL(url).port), "127.0.0.1", done));
  });
});
