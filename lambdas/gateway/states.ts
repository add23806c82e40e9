import { callDigest } from "../domain/approval/identity.ts";
import { CountersignError } from "../domain/error.ts";
import { INVALID_PARAMS } from "../domain/mcp/constants.ts";
import type { ClientMessage } from "../domain/mcp/message.ts";
import { ProtocolRefusal } from "../domain/mcp/refusal.ts";
import { withRequestState } from "../domain/mcp/request-state.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";

/** Seconds that a sealed state of a wait lives: longer than all the legs it can count. */
const WAIT_LIFETIME = 900;
/** Seconds that a server's own state can be brought back: a person may have to answer first. */
const ROUND_LIFETIME = 86_400;

/** What a `requestState` of ours carries: the server's own, or how long a call has waited for its approval. */
export type State = { readonly upstream: string } | { readonly approval: string; readonly round: number };

/** The call that a state belongs to; at another it is worth nothing. */
type Bound = Pick<Call, "server" | "target" | "arguments" | "caller" | "message">;

function bindingOf({ server, target, arguments: args, caller, message }: Bound): string {
  const { id: principal, client } = caller.principal;
  const { method } = message;
  // Policy and risks are left out: they are asked again in every round.
  return callDigest({
    principal,
    client,
    server,
    method,
    target,
    arguments: args,
    policyDigest: "",
    risksDigest: "",
  });
}

/** Seals a state to its call and principal (2026-07-28, multi round-trip requests: a state is in the client's hands). */
export async function sealState(call: Bound, state: State, house: House): Promise<string> {
  const lifetime = "upstream" in state ? ROUND_LIFETIME : WAIT_LIFETIME;
  return (await house.seals()).seal("request-state", { ...state, digest: bindingOf(call) }, lifetime);
}

/**
 * Opens the state that a client brought back.
 *
 * @returns the message as the server must see it, and how many legs the call has waited
 * @throws ProtocolRefusal -32602 for a state that was not given for this call
 */
export async function openState(
  call: Bound,
  house: House,
): Promise<{ readonly message: ClientMessage; readonly round: number }> {
  const { message } = call;
  const { requestState } = message.params;
  if (message.era === "legacy" || requestState === undefined) return { message, round: 0 };
  const foreign = () =>
    new ProtocolRefusal(
      400,
      INVALID_PARAMS,
      "this requestState was not given for this call, was changed, or has expired; call again without it",
      message.id,
    );
  if (typeof requestState !== "string") throw foreign();
  try {
    const { digest, round, upstream } = await (await house.seals()).unseal("request-state", requestState);
    if (digest !== bindingOf(call)) throw foreign();
    return {
      message: withRequestState(message, typeof upstream === "string" ? upstream : undefined),
      round: typeof round === "number" ? round : 0,
    };
  } catch (error) {
    if (error instanceof CountersignError && error.code === "seal_invalid") throw foreign();
    throw error;
  }
}
