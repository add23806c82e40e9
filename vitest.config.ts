import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Two cores, and tests that wait for real minutes, mails and machines as often as they work.
    maxWorkers: 3,
    // What operators read is tested where it matters; elsewhere it only drowns the results.
    env: { POWERTOOLS_LOG_LEVEL: "SILENT", POWERTOOLS_METRICS_DISABLED: "true" },
    testTimeout: 30_000,
    hookTimeout: 120_000,
    reporters: ["default", ["json", { outputFile: "test/results/vitest.json" }]],
  },
});
