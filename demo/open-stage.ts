import type { LocalTimes } from "../local/local-config.ts";
import { startLocalStack } from "../local/stack.ts";
import { DENIAL_STANDS } from "./denial-over.ts";
import type { Stage } from "./stage.ts";

/** Short times, so that waiting and expiry can be seen. */
const DEMO_TIMES = { expiresAfter: "9s", waitLeg: "4s", denialStandsFor: DENIAL_STANDS };

/** Data that leaves the account needs two people of another group. */
const TWO_FOR_UPLOADS = `
@id("a-upload-needs-two") @approvers("security")
permit (principal in Group::"developers", action == Action::"callWithApproval", resource is Tool)
when { resource.name == "upload_object" };
`;

/** Boots the local stack and what the steps share. The caller stops `stack`. */
export async function openStage(say: Stage["say"], times: LocalTimes = {}): Promise<Stage> {
  const stack = await startLocalStack({
    times: { ...DEMO_TIMES, ...times },
    morePolicies: TWO_FOR_UPLOADS,
    groups: { security: { quorum: 2 } },
  });
  const tokens = new Map<string, Promise<string>>();
  const token: Stage["token"] = (account, audience = "mcp") => {
    const key = `${account}/${audience}`;
    const found = tokens.get(key) ?? stack.token(account, audience);
    tokens.set(key, found);
    return found;
  };
  return { stack, say, token, memory: new Map() };
}
