import { ADVICE, ADVICE_BY_STATUS, type Advice, BLOCKED_REQUESTER, FAILED, UNAVAILABLE } from "./advice.ts";

/** What went wrong, in the words of the person at the page. */
export interface Failure extends Advice {
  /** What the API said, if it said something. */
  readonly message: string;
}

/** An answer of the API other than success. Status 0: there was no answer. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
  }
}

/** Says what an error means for the person at the page, and what they can do. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ApiError) {
    return { ...adviceOn(error), message: error.message };
  }
  console.error(error);
  return {
    title: "The page could not show this",
    message: error instanceof Error ? error.message : "",
    advice: "Reload the page. If it happens again, tell whoever runs Countersign what is written here.",
    remedy: "retry",
  };
}

function adviceOn({ status, code, message }: ApiError): Advice {
  if (code === "forbidden" && message.startsWith("the requester is blocked")) return BLOCKED_REQUESTER;
  return ADVICE[code] ?? ADVICE_BY_STATUS[status] ?? (status >= 500 ? FAILED : UNAVAILABLE);
}

/** Only silence passes by itself; any other answer stays the same until the person does something. */
export const passes = (error: unknown) => error instanceof ApiError && (error.status === 0 || error.status >= 429);
