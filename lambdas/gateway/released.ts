import { type Refusal, refusalText } from "../domain/mcp/answers.ts";
import type { ServerMessage } from "../domain/upstream/answer.ts";
import type { Call } from "./call.ts";

/** How a forwarded call ended; `input-required` goes on with the client's next call. */
export type Ending = "completed" | "input-required" | "not-sent" | "unknown" | "withheld";

/** A message that may leave: masked and recorded. The last one carries how the call ended. */
export interface Released extends ServerMessage {
  readonly ending?: Ending;
  /** Set for what the server said before its response, which is on record as relayed. */
  readonly relayed?: true;
  /** A response that holds an error: an `initialize` so answered opened no session. */
  readonly isError?: boolean;
  /** HTTP status to answer with, where the server's own matters to clients. */
  readonly status?: number;
}

/** The gateway's own answer to a call, in the words of a refusal. */
export const refusalOf = ({ message }: Call, refusal: Refusal, more: object = {}): Released => ({
  text: refusalText(message, { ...refusal, meta: { ...refusal.meta, ...more } }),
});
