import { createApp } from "../lib/app.ts";
import { ConfigError } from "../lib/config/config-error.ts";

/** The CDK app: `cdk synth` and `cdk deploy` run this. */
try {
  createApp({ bundling: true }).synth();
} catch (error) {
  // What an adopter got wrong is told in lines, not in a stack trace.
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
