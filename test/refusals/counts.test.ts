import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Context } from "aws-lambda";
import { afterAll, expect, test, vi } from "vitest";
import { METRIC } from "../../lambdas/metric-names.ts";
import { createRefusals } from "../../lambdas/refusals/refusals.ts";
import type { AccessLine } from "../../lambdas/refusals/refused-line.ts";
import { buildSettings } from "../../lib/config/settings.ts";

const folder = mkdtempSync(join(tmpdir(), "countersign-refusals-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** How often a batch of the access log is counted by a function that reaches no ledger. */
async function countsOf(lines: readonly Partial<AccessLine>[]): Promise<number> {
  // Elsewhere in the tests nobody reads them.
  vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
  const settings = join(folder, "settings.json");
  writeFileSync(settings, JSON.stringify(buildSettings("config/gateway.yaml")));
  const handler = createRefusals({
    SETTINGS_FILE: settings,
    LEDGER_TABLE: "ledger",
    SIGNING_KEY_ARN: "arn:aws:kms:us-east-1:123456789012:key/none",
    AWS_ENDPOINT_URL: "http://127.0.0.1:9",
    AWS_REGION: "us-east-1",
  });
  const logEvents = lines.map((line, at) => ({ id: `${at}`, timestamp: Date.now(), message: JSON.stringify(line) }));
  const data = gzipSync(JSON.stringify({ messageType: "DATA_MESSAGE", logEvents })).toString("base64");
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  try {
    await handler({ awslogs: { data } }, {} as Context);
  } finally {
    spy.mockRestore();
    vi.unstubAllEnvs();
  }
  return written.join("").split(`"${METRIC.accessRefused}":`).length - 1;
}

const through: Partial<AccessLine> = {
  status: "403",
  ip: "192.0.2.1",
  httpMethod: "GET",
  responseType: "-",
  authorizerLatency: "1",
  integrationStatus: "200",
};

test("what others refused and recorded is counted all the same, and not recorded again", async () => {
  const lines = [
    { ...through, resourcePath: "/me" },
    { ...through, resourcePath: "/approvals/{id}/decision", status: "401", httpMethod: "POST" },
    { ...through, resourcePath: "/audit/reveal", httpMethod: "POST" },
    { ...through, resourcePath: "/mcp/ops", httpMethod: "POST" },
  ];
  expect(await countsOf(lines)).toBe(4);
});

test("what the authorizer refused is counted from its own line, and what was answered not at all", async () => {
  const refused = { ...through, resourcePath: "/mcp/ops", integrationStatus: "-" };
  expect(await countsOf([refused, { ...through, resourcePath: "/me", status: "200" }])).toBe(0);
});
