import { callDigest } from "../domain/approval/identity.ts";
import { CountersignError } from "../domain/error.ts";
import { INVALID_PARAMS } from "../domain/mcp/constants.ts";
import type { ClientMessage } from "../domain/mcp/message.ts";
import { ProtocolRefusal } from "../domain/mcp/refusal.ts";
import { withRequestState } from "../domain/mcp/request-state.ts";
import type { Call, Running } from "./call.ts";
import type { House } from "./house.ts";
import { changeOf } from "./presented.ts";

/** Seconds that a sealed state of a wait lives: longer than all the legs it can count. */
const WAIT_LIFETIME = 900;
/** Seconds that a server's own state can be brought back: a person may have to answer first. */
const ROUND_LIFETIME = 86_400;

/**
 * What a `requestState` of ours carries: how long a call has waited for its approval, or the server's own state, with
 * the approved run that it belongs to.
 */
export type State =
  | { readonly approval: string; readonly round: number }
  | { readonly upstream: string | null; readonly running: Running | null };

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
    toolDigest: "",
    policyDigest: "",
    risksDigest: "",
  });
}

/** Says what of a call differs from the one that its approval was asked for. */
async function changed(call: Bound, approval: string, { approvals }: House): Promise<ProtocolRefusal> {
  const row = await approvals.get(approval);
  const what = row?.requesterId === call.caller.principal.id ? (changeOf(row, call) ?? "another_tool") : "not_yours";
  return new ProtocolRefusal(
    400,
    INVALID_PARAMS,
    `this requestState was given for another call (${what}); call again without it to ask anew`,
    call.message.id,
  );
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
): Promise<{
  readonly message: ClientMessage;
  readonly round: number;
  readonly running?: Running;
  /** The approval that the call has waited for. */
  readonly waitedFor?: string;
}> {
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
    const { digest, round, upstream, running, approval } = await (await house.seals()).unseal(
      "request-state",
      requestState,
    );
    if (digest !== bindingOf(call))
      throw typeof approval === "string" ? await changed(call, approval, house) : foreign();
    return {
      message: withRequestState(message, typeof upstream === "string" ? upstream : undefined),
      round: typeof round === "number" ? round : 0,
      ...(running === undefined || running === null ? {} : { running: running as Running }),
      ...(typeof approval === "string" ? { waitedFor: approval } : {}),
    };
  } catch (error) {
    if (error instanceof CountersignError && error.code === "seal_invalid") throw foreign();
    throw error;
  }
}
