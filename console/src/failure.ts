/** What went wrong, in the approver's words. */
export interface Failure {
  readonly title: string;
  /** What the API said, if it said something. */
  readonly message: string;
  readonly advice: string;
  /** What the page offers: to sign in again, to try again, or nothing. */
  readonly remedy: "sign-in" | "retry" | "none";
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

type Advice = Omit<Failure, "message">;

const SIGN_IN: Advice = {
  title: "Sign in again",
  advice: "Your sign-in has ended or is too old to decide with. Sign in again; a reason you wrote here is kept.",
  remedy: "sign-in",
};
const FORBIDDEN: Advice = {
  title: "You may not do this",
  advice: "Someone else in the approver group must decide. If you should be able to, ask whoever runs Countersign.",
  remedy: "none",
};
const GONE: Advice = {
  title: "There is no such approval",
  advice: "Check that the whole link was copied. If it came by e-mail, the approval may have been removed since.",
  remedy: "none",
};
const CONFLICT: Advice = {
  title: "This is no longer open",
  advice: "Someone decided first, or its time ran out. Nothing you wrote was recorded.",
  remedy: "none",
};
const UNAVAILABLE: Advice = {
  title: "Countersign did not answer",
  advice:
    "Check your connection and try again. If you were deciding, look at the status first: it may have been recorded.",
  remedy: "retry",
};
const REFUSED: Advice = {
  title: "This was not accepted",
  advice: "Correct what the message names and press the button again.",
  remedy: "none",
};

const BY_CODE: Readonly<Record<string, Advice>> = {
  approval_conflict: CONFLICT,
  approval_not_found: GONE,
  bad_request: REFUSED,
  forbidden: FORBIDDEN,
  token_invalid: SIGN_IN,
  unauthorized_audience: FORBIDDEN,
};
const BY_STATUS: Readonly<Record<number, Advice>> = {
  400: REFUSED,
  401: SIGN_IN,
  403: FORBIDDEN,
  404: GONE,
  409: CONFLICT,
  410: CONFLICT,
};

/** Says what an error means for the person at the page, and what they can do. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ApiError) {
    const advice = BY_CODE[error.code] ?? BY_STATUS[error.status] ?? UNAVAILABLE;
    return { ...advice, message: error.message };
  }
  console.error(error);
  return {
    title: "The page could not show this",
    message: error instanceof Error ? error.message : "",
    advice: "Reload the page. If it happens again, tell whoever runs Countersign what is written here.",
    remedy: "retry",
  };
}
