import { existsSync, readFileSync } from "node:fs";
import { ACCOUNTS, CLI_CLIENT, CLI_REDIRECT, CONSOLE_CLIENT } from "./oidc/accounts.ts";
import { signIn } from "./oidc/robot.ts";

/** `npx node local/token.ts <account> [--console]`: signs in at the running local stack and prints the access token. */
const FACTS = ".local/stack.json";
const [account, kind] = process.argv.slice(2);

if (!account) complain(`usage: npx node local/token.ts <${ACCOUNTS.map(({ id }) => id).join("|")}> [--console]`);
if (!existsSync(FACTS)) complain("the local stack is not running; start it with: npm run local");

const { oidcIssuer: issuer, publicUrl } = JSON.parse(readFileSync(FACTS, "utf8")) as {
  oidcIssuer: string;
  publicUrl: string;
};
const client =
  kind === "--console"
    ? { clientId: CONSOLE_CLIENT, redirectUri: `${publicUrl}/console/`, resource: `${publicUrl}/console` }
    : { clientId: CLI_CLIENT, redirectUri: CLI_REDIRECT, resource: publicUrl };
try {
  process.stdout.write(`${await signIn({ issuer, account, ...client })}\n`);
} catch (cause) {
  complain(cause instanceof Error ? cause.message : String(cause));
}

function complain(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
