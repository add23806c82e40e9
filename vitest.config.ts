import { defineConfig } from "vitest/config";

/** Files that replace modules, the clock or what a process is told, and those that ask how a fresh one behaves. */
const OWN_PROCESS = [
  "test/attacks/door.test.ts",
  "test/authorizer/attacks.test.ts",
  "test/domain/risk/hostile-texts.test.ts",
  "test/evidence/exporter.test.ts",
  "test/evidence/stream-of-records.test.ts",
  "test/faults/**/*.test.ts",
  "test/gateway/credentials.test.ts",
  "test/gateway/own-failures.test.ts",
  "test/gateway/waiting-room.test.ts",
  "test/lambdas/api.test.ts",
  "test/lambdas/ledger-writer.test.ts",
  "test/lambdas/operator-failures.test.ts",
  "test/observer/**/*.test.ts",
  "test/refusals/again.test.ts",
  "test/upstream/credentials/**/*.test.ts",
];

const shared = {
  // What operators read is tested where it matters; elsewhere it only drowns the results.
  env: { POWERTOOLS_LOG_LEVEL: "SILENT", POWERTOOLS_METRICS_DISABLED: "true" },
  testTimeout: 30_000,
  hookTimeout: 120_000,
} as const;

export default defineConfig({
  test: {
    // Two cores: the local stack and the browser need one to themselves.
    maxWorkers: 2,
    reporters: ["default", ["json", { outputFile: "test/results/vitest.json" }]],
    projects: [
      // One process for many files: each that starts alone loads and warms up CDK and the SDK for itself, a third of all the time.
      { test: { ...shared, name: "shared", include: ["test/**/*.test.ts"], exclude: OWN_PROCESS, isolate: false } },
      { test: { ...shared, name: "alone", include: OWN_PROCESS } },
    ],
  },
});
