import type { Principal } from "../../../lambdas/domain/identity/principal.ts";
import { CONSOLE_CLIENT } from "../../../local/oidc/accounts.ts";

/** People of the local issuer, as the authorizer would have found them in their tokens. */
export function peopleOf(issuer: string) {
  let count = 0;
  const person = (name: string, groups: readonly string[]): Principal => ({
    kind: "user",
    id: `local|${name}`,
    issuer,
    subject: name,
    client: "countersign-cli",
    name,
    groups,
    person: `${name}@example.test`,
    initiator: null,
    signIn: "s1",
    jti: "j1",
    authTime: Math.floor(Date.now() / 1000),
    acr: null,
    amr: [],
    delegation: [],
  });
  return {
    /** Somebody who was not there before, so that nothing of another test stands in their row. */
    developer(more: readonly string[] = []): Principal {
      count += 1;
      return person(`dev-${process.pid}-${count}`, ["developers", ...more]);
    },
    approver: (at = 1) => person(`approver-${at}`, ["approvers"]),
    admin: () => person("an-admin", ["administrators"]),
  };
}

/** The same person at the console. */
export const atConsole = (principal: Principal): Principal => ({
  ...principal,
  client: CONSOLE_CLIENT,
  authTime: Math.floor(Date.now() / 1000),
});
