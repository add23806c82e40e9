import { beforeEach, expect, test, vi } from "vitest";
import { CountersignError } from "../../lambdas/domain/error.ts";
import { METRIC } from "../../lambdas/metric-names.ts";
import { operatorFailures } from "../../lambdas/operator-failures.ts";
import { reached, stepOf } from "../../lambdas/reached.ts";

const written: string[] = [];
let tell: ReturnType<typeof operatorFailures>;
beforeEach(() => {
  written.length = 0;
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "INFO");
  vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
  tell = operatorFailures("approvals");
  return () => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  };
});

const lines = () => written.map((line) => JSON.parse(line));

test("a failure is a count that all functions share, and a line of its own function that names it", () => {
  tell(METRIC.failed, "a request failed", new Error("no route"), { requestId: "r-1" });
  expect(lines()).toMatchObject([
    { service: "every", RequestsFailed: 1, _aws: { CloudWatchMetrics: [{ Namespace: "Countersign" }] } },
    {
      level: "ERROR",
      service: "approvals",
      message: "a request failed",
      requestId: "r-1",
      error: { message: "no route" },
    },
  ]);
});

test("a failure that reaches others, by itself or as their cause, is told once", () => {
  const first = new Error("nothing answers");
  tell(METRIC.notRecorded, "a record could not be written", first);
  tell(METRIC.failed, "a request failed", first);
  const wrapped = new CountersignError("evidence_unavailable", "no record", {
    cause: new Error("lost", { cause: first }),
  });
  tell(METRIC.failed, "a request failed", wrapped);
  expect(lines()).toHaveLength(2);
  tell(METRIC.failed, "a request failed", new Error("nothing answers"));
  expect(lines()).toHaveLength(4);
});

test("what is thrown and is no error is told, too", () => {
  tell(METRIC.failed, "a request failed", "a text");
  expect(lines()[1]).toMatchObject({ error: { message: "a text" } });
});

test("a step that fails bears its name, and keeps its cause for the log", async () => {
  const cause = new Error("connect ECONNREFUSED 10.0.0.1:443");
  const failed = reached("the secret cannot be read", Promise.reject(cause));
  await expect(failed).rejects.toMatchObject({
    code: "evidence_unavailable",
    message: "the secret cannot be read",
    cause,
  });
  await expect(reached("the secret cannot be read", Promise.resolve(1))).resolves.toBe(1);
});

test("what a caller is told is the step at the bottom, and nothing of what is no step of ours", async () => {
  const step = new CountersignError("evidence_unavailable", "KMS gives no key", {
    cause: new Error("10.0.0.1 is silent"),
  });
  expect(stepOf(new CountersignError("evidence_unavailable", "no pin", { cause: step }))).toBe("KMS gives no key");
  expect(stepOf(new Error("10.0.0.1 is silent"))).toBeUndefined();
});
