import { callerToContext } from "../../../lambdas/domain/identity/caller.ts";
import { median } from "../../measure.ts";
import { startPart } from "../../part.ts";
import { type Metric, metric } from "../../report.ts";
import { CALL, MARK } from "./messages.ts";
import type { Surroundings } from "./surroundings.ts";

interface Start {
  readonly loadMs: number;
  readonly callMs: number;
  readonly status: number;
  readonly text: string;
}

/** From the bundle's import to the end of its first answer, in fresh processes; the start of Node itself is Lambda's. */
export async function coldStart({ bundle, environment }: Surroundings, starts: number): Promise<Metric[]> {
  const runs: Start[] = [];
  for (let run = 0; run < starts; run += 1) {
    const part = await startPart<Start>(new URL("cold-start-process.ts", import.meta.url), {
      environment: { ...environment, BENCH_HANDLER: bundle.module, BENCH_EVENT: JSON.stringify(firstCall()) },
      wrapper: bundle.wrapper,
      node: ["--enable-source-maps"],
    });
    await part.stop();
    const { status, text } = part.ready;
    if (status !== 200 || !text.includes(MARK)) throw new Error(`a cold start answered ${status}: ${text}`);
    runs.push(part.ready);
  }
  const of = (value: (run: Start) => number) => median(runs.map(value));
  return [
    metric(
      "cold start: loading the bundle",
      of((run) => run.loadMs),
      "ms",
    ),
    metric(
      "cold start: the first call, keys and secrets fetched",
      of((run) => run.callMs),
      "ms",
    ),
    metric(
      "cold start: import to first answer",
      of((run) => run.loadMs + run.callMs),
      "ms",
      400,
    ),
  ];
}

/** API Gateway's event of a call by a developer, as far as the gateway reads it. */
function firstCall() {
  const principal = {
    kind: "user",
    id: "company|developer",
    issuer: "https://login.example.com",
    subject: "developer",
    client: "bench",
    name: "developer",
    groups: ["developers"],
    person: null,
    initiator: null,
    signIn: "s1",
    jti: null,
    authTime: null,
    acr: null,
    amr: [],
    delegation: [],
  } as const;
  const expiresAt = Math.floor(Date.now() / 1000) + 3600;
  const authorizer = callerToContext({ principal, expiresAt, audience: "https://countersign.example.com" });
  return {
    httpMethod: "POST",
    path: "/mcp/ops",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    body: Buffer.from(CALL).toString("base64"),
    isBase64Encoded: true,
    requestContext: {
      authorizer,
      domainName: "gateway.example.com",
      stage: "bench",
      requestId: "r1",
      identity: { sourceIp: "127.0.0.1" },
    },
  };
}
