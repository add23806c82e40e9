import { globSync, readFileSync } from "node:fs";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { RecordEntry } from "../../lambdas/domain/evidence/record.ts";
import { ledgerWriter } from "../../lambdas/ledger-writer.ts";
import { newIds } from "../../lambdas/new-ids.ts";
import { freePort } from "../../local/port.ts";

const counted: string[] = [];
const logged: object[] = [];
vi.mock("../../lambdas/operator-metrics.ts", () => ({
  operatorMetrics: (service: string) => (name: string) => counted.push(`${service} ${name}`),
}));
vi.mock("../../lambdas/operator-log.ts", () => ({
  operatorLog: (service: string) => ({
    error: (message: string, more: object) => logged.push({ service, message, ...more }),
  }),
}));
beforeEach(() => {
  counted.length = 0;
  logged.length = 0;
});

const ENTRY: RecordEntry = {
  type: "call.received",
  occurredAt: "2026-01-01T00:00:00.000Z",
  session: "session-1",
  call: "call-1",
  outcome: "received",
  source: { ip: "127.0.0.1", userAgent: "test", requestId: "request-1" },
};
const SIGNER = {
  attested: async () => ({ key: "k", publicKey: "p", openedAt: "2026-01-01T00:00:00.000Z", attestation: "a" }),
  sign: () => "signature",
};

/** An environment in which nothing answers. */
const nowhere = async () => ({
  LEDGER_TABLE: "ledger",
  SIGNING_KEY_ARN: "arn:aws:kms:us-east-1:123456789012:key/k",
  AWS_ENDPOINT_URL: `http://127.0.0.1:${await freePort()}`,
  AWS_REGION: "us-east-1",
});

describe("a record that cannot be written", () => {
  test("is counted once, and the log says whose it was and what did not answer", async () => {
    const options = { component: "audit", hotDays: 14, newId: newIds(), signer: SIGNER };
    const writer = ledgerWriter(await nowhere(), options);
    await expect(writer.append(ENTRY)).rejects.toMatchObject({ code: "evidence_unavailable" });
    expect(counted).toEqual(["every EvidenceFailures"]);
    expect(logged).toEqual([
      {
        service: "audit",
        message: "a record could not be written",
        type: "call.received",
        session: "session-1",
        call: "call-1",
        requestId: "request-1",
        error: expect.objectContaining({ message: "the ledger does not answer", cause: expect.any(Error) }),
      },
    ]);
  });

  test("because no lane could be opened names the key service", async () => {
    const writer = ledgerWriter(await nowhere(), { component: "approvals", hotDays: 14, newId: newIds() });
    const message = "KMS does not vouch for the key that signs records";
    await expect(writer.append(ENTRY)).rejects.toMatchObject({ code: "evidence_unavailable", message });
    expect(counted).toEqual(["every EvidenceFailures"]);
    expect(logged).toMatchObject([{ service: "approvals", call: "call-1", error: { message } }]);
  });

  test("is counted for each record", async () => {
    const options = { component: "audit", hotDays: 14, newId: newIds(), signer: SIGNER };
    const writer = ledgerWriter(await nowhere(), options);
    for (let turn = 0; turn < 2; turn += 1) await expect(writer.append(ENTRY)).rejects.toThrow();
    expect(counted).toHaveLength(2);
  });
});

test("every function that appends has its writer from here", () => {
  const makers = globSync("lambdas/**/*.ts").filter((file) =>
    /import \{[^}]*\bcreateWriter\b/.test(readFileSync(file, "utf8")),
  );
  expect(makers).toEqual(["lambdas/ledger-writer.ts"]);
});
