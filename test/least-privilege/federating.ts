import { expect } from "vitest";
import { createFederation } from "../../lambdas/federation/federation.ts";
import { invocation } from "../../local/api/functions.ts";
import { beforeTokens, DANA, inbound } from "../federation/events.ts";
import type { Scene, Steps } from "./scene.ts";

/** What a user pool asks when somebody comes by SAML; the emulator has no pool, so it is asked here. */
export function federating({ gateway }: Scene): Steps {
  const cameBySaml = async () => {
    const ask = createFederation(gateway.stack.environmentOf("federation"));
    const kept = (await ask(inbound(DANA), invocation("federation", 5))) as ReturnType<typeof inbound>;
    const carried = kept.response.userAttributesToMap["custom:countersign"];
    const told = await ask(beforeTokens(carried), invocation("federation", 5));
    expect(JSON.stringify(told.response)).toContain("Dana@example.com");
  };
  return [["somebody comes by SAML", cameBySaml]];
}
