import { rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { greeting } from "./greeting.ts";
import { type LocalStack, startLocalStack } from "./stack.ts";

/** `npm run local`: the local stack, kept up until Ctrl-C. */
const FACTS = ".local/stack.json";
const begun = Date.now();
const say = (text: string) => process.stdout.write(`${text}\n`);

const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535)
  fail(`--port ${values.port}: a number from 0 to 65535 (0: any free one)`);

say("Starting the local stack…");
const starting = startLocalStack({ port });
let leaving = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void leave());

try {
  const stack = await starting;
  if (!leaving) {
    writeFacts(stack);
    say(greeting(stack, ((Date.now() - begun) / 1000).toFixed(1)));
  }
} catch (cause) {
  // Someone who pressed Ctrl-C during the start wants no complaint about it.
  if (!leaving) fail(cause instanceof Error ? cause.message : String(cause));
}

/** Stops every part; a second Ctrl-C, or a part that hangs, ends the process at once (children die with it). */
async function leave(): Promise<void> {
  if (leaving) process.exit(1);
  leaving = true;
  say("Stopping…");
  setTimeout(() => process.exit(1), 10_000).unref();
  rmSync(FACTS, { force: true });
  await starting.then((stack) => stack.stop()).catch(() => undefined);
  process.exit(0);
}

/** Facts for the command line's `--local`; no credential among them. */
function writeFacts({ publicUrl, place, vaults, issuer }: LocalStack): void {
  const facts = {
    endpoint: place.environment.AWS_ENDPOINT_URL,
    region: place.environment.AWS_REGION,
    publicUrl,
    maskedVault: vaults.masked,
    sealedVault: vaults.sealed,
    oidcIssuer: issuer,
  };
  writeFileSync(FACTS, `${JSON.stringify(facts, null, 2)}\n`);
}

function fail(message: string): never {
  process.stderr.write(`The local stack could not start.\n${message}\n`);
  process.exit(1);
}
