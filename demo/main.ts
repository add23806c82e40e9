process.env.POWERTOOLS_LOG_LEVEL ??= "SILENT";
process.env.POWERTOOLS_METRICS_DISABLED ??= "true";

import { openStage } from "./open-stage.ts";
import { STEPS } from "./steps/index.ts";

/** `npm run demo`: plays the main job through real clients; exit code 0 only if every step held. */
const started = Date.now();
const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
const print = (text: string) => process.stdout.write(`${text}\n`);

print("Countersign demo: starting the local stack…");
const stage = await openStage((evidence) => print(`     ${evidence}`));
print(`     up after ${seconds(started)} at ${stage.stack.publicUrl}\n`);

let failed = 0;
for (const [at, step] of STEPS.entries()) {
  const begin = Date.now();
  print(`${String(at + 1).padStart(2)}. ${step.title}`);
  try {
    await step.play(stage);
    print(`     held (${seconds(begin)})\n`);
  } catch (error) {
    failed += 1;
    print(`     FAILED (${seconds(begin)}): ${error instanceof Error ? error.stack : String(error)}\n`);
  }
}
await stage.stack.stop();
print(
  failed === 0
    ? `All ${STEPS.length} steps held, in ${seconds(started)}.`
    : `${failed} of ${STEPS.length} steps FAILED.`,
);
process.exitCode = failed === 0 ? 0 : 1;
