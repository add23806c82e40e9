import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Two cores: the local stack and the browser need one to themselves.
    maxWorkers: 2,
    // What operators read is tested where it matters; elsewhere it only drowns the results.
    env: { POWERTOOLS_LOG_LEVEL: "SILENT", POWERTOOLS_METRICS_DISABLED: "true" },
    testTimeout: 30_000,
    hookTimeout: 120_000,
    reporters: ["default", ["json", { outputFile: "test/results/vitest.json" }]],
  },
});
