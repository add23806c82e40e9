import {
  HEADER_MISMATCH,
  INVALID_PARAMS,
  INVALID_REQUEST,
  METHOD_NOT_FOUND,
  OWN_CODE,
  PARSE_ERROR,
} from "../../../lambdas/domain/mcp/constants.ts";
import type { Message } from "../../support/scripted-server.ts";

/** A whole answer over HTTP. */
export interface Told {
  readonly status: number;
  readonly text: string;
  /** The messages of its body or of its stream. */
  readonly messages: readonly Message[];
}

/** What the gateway says in place of a tool's result (`lambdas/domain/mcp/answers.ts`). */
const REFUSALS = [
  "denied",
  "not_now",
  "unknown",
  "not_recorded",
  "outcome_not_recorded",
  "withheld",
  "upstream_failed",
  "wait_lost",
  "pending",
  "running",
] as const;

/** All sorts of answers that the protocol and the gateway's own documents know; there is no other. */
export type Sort =
  | (typeof REFUSALS)[number]
  | "result"
  | "input_required"
  | "accepted"
  | "refused message"
  | "turned away"
  /** The client did not wait for an answer. */
  | "left";

const CODES: readonly number[] = [
  PARSE_ERROR,
  INVALID_REQUEST,
  METHOD_NOT_FOUND,
  INVALID_PARAMS,
  HEADER_MISMATCH,
  ...Object.values(OWN_CODE),
];

interface Refusal {
  readonly kind: string;
  readonly call: string;
}

/** Where the gateway says, in a result or in an error, what it refused. */
export const refusalIn = (message: Message | undefined): Refusal | undefined =>
  message?.result?._meta?.["dev.countersign/refusal"] ?? (message?.error as { data?: Refusal } | undefined)?.data;

/**
 * What any call may meet beside its own while the emulator does not answer in time: it is one process with one lock, and
 * nothing is released without its record. When that is, a watch of its own tells (`emulator-watch.ts`).
 */
export const OVERLOADED: readonly Sort[] = ["not_recorded", "outcome_not_recorded", "upstream_failed"];

/**
 * What sort of an answer it is.
 *
 * @param id of the request; null where the message had none that could be read
 * @throws Error for an answer that is of no sort
 */
export function sortOf({ status, text, messages }: Told, id: number | null): Sort {
  const odd = (why: string) => new Error(`${why}: HTTP ${status} ${text.slice(0, 300)}`);
  // A token that is refused, by API Gateway's words.
  if (status === 401 && typeof JSON.parse(text).message === "string") return "turned away";
  if (status === 202 && text === "") return "accepted";
  const last = messages.at(-1);
  if (last === undefined) throw odd("an answer without a message");
  if (last.id !== id) throw odd(`an answer to ${JSON.stringify(last.id)} in place of ${id}`);
  const refusal = refusalIn(last);
  const known = REFUSALS.find((kind) => kind === refusal?.kind);
  if (refusal !== undefined && known === undefined) throw odd("a refusal that nobody knows");
  if (last.error !== undefined) {
    if (!CODES.includes(last.error.code)) throw odd("an error that nobody knows");
    // What has no result, as a list, is refused by an error; the end of a session by the status for "not here" as well.
    if (known !== undefined && (status === 200 || status === 405)) return known;
    if (status === 400 || status === 404) return "refused message";
    throw odd("an error under a status that is none for it");
  }
  if (status !== 200 || last.result === undefined) throw odd("neither result nor error");
  if (known !== undefined) return known;
  if (last.result.isError === true) throw odd("a failure that the server never told");
  return last.result.resultType === "input_required" ? "input_required" : "result";
}
