import type { ErrorCode } from "../../../lambdas/domain/error.ts";

/** What an error means, and what to do about it. */
export interface Advice {
  readonly title: string;
  readonly advice: string;
  /** What the page offers: to sign in again, to try again, or nothing. */
  readonly remedy: "sign-in" | "retry" | "none";
}

const SIGN_IN: Advice = {
  title: "Sign in again",
  advice: "Your sign-in has ended or is too old to decide with. Sign in again; a reason you wrote here is kept.",
  remedy: "sign-in",
};
const FORBIDDEN: Advice = {
  title: "You may not do this",
  advice: "Someone else must do it. If you should be able to, ask whoever runs Countersign.",
  remedy: "none",
};
/** Of `forbidden`, where it is not about the person at the page. */
export const BLOCKED_REQUESTER: Advice = {
  title: "Nothing can be approved for them",
  advice: "Whoever asks is blocked. You can deny it; whoever may block people can lift the block first.",
  remedy: "none",
};
const NO_APPROVAL: Advice = {
  title: "There is no such approval",
  advice: "Check that the whole link was copied. If it came by e-mail, the approval may have been removed since.",
  remedy: "none",
};
const GONE: Advice = {
  title: "There is nothing here",
  advice: "What this page asked for does not exist, or you may not see it. Go back to the inbox.",
  remedy: "none",
};
const CONFLICT: Advice = {
  title: "This is no longer open",
  advice: "Someone decided first, or its time ran out. What you wrote was not recorded; it is still here to copy.",
  remedy: "none",
};
const REFUSED: Advice = {
  title: "This was not accepted",
  advice: "Correct what the message names and press the button again.",
  remedy: "none",
};
const TOO_MANY: Advice = {
  title: "Too many requests",
  advice: "Wait a minute and try again. Nothing was changed.",
  remedy: "retry",
};
export const FAILED: Advice = {
  title: "Countersign could not do this",
  advice:
    "Something failed on its side. If you were deciding, look at the status first: it may have been recorded. Then try again.",
  remedy: "retry",
};
export const UNAVAILABLE: Advice = {
  title: "Countersign did not answer",
  advice:
    "Check your connection and try again. If you were deciding, look at the status first: it may have been recorded.",
  remedy: "retry",
};

/** By the code of the API's answer. */
export const ADVICE: Readonly<Record<string, Advice>> = {
  approval_conflict: CONFLICT,
  approval_decided: { ...CONFLICT, title: "Someone decided before you" },
  approval_expired: {
    title: "Its time has run out",
    advice:
      "Your decision was not recorded. The head of this page says what that means for the call. What you wrote is kept here.",
    remedy: "none",
  },
  approval_not_found: NO_APPROVAL,
  bad_request: REFUSED,
  forbidden: FORBIDDEN,
  grant_ended: {
    title: "This access has ended already",
    advice: "Nothing is left to end. Look at the list again.",
    remedy: "retry",
  },
  not_found: GONE,
  rendered_changed: {
    title: "This is not what you saw any more",
    advice: "It changed since the page showed it to you. Read it again, then decide. Your reason is kept.",
    remedy: "none",
  },
  reveal_needed: {
    title: "Reveal the arguments first",
    advice:
      "Parts of the arguments are masked. Reveal and read them, then press the button again. Your reason is kept.",
    remedy: "none",
  },
  reveal_unavailable: {
    title: "The arguments cannot be revealed",
    advice: "Deny this call and tell the requester to send it without what is masked. Your reason is kept.",
    remedy: "none",
  },
  seal_invalid: {
    title: "The arguments cannot be opened",
    advice:
      "What is kept of them is not what was sealed. Deny this, and tell whoever runs Countersign. Your reason is kept.",
    remedy: "none",
  },
  stale_sign_in: SIGN_IN,
  token_invalid: SIGN_IN,
  too_many: TOO_MANY,
  approval_refused: TOO_MANY,
  unauthorized_audience: FORBIDDEN,
} satisfies Partial<Record<ErrorCode, Advice>>;

/** By the status, where the code says nothing. */
export const ADVICE_BY_STATUS: Readonly<Record<number, Advice>> = {
  400: REFUSED,
  401: SIGN_IN,
  403: FORBIDDEN,
  404: GONE,
  409: CONFLICT,
  410: CONFLICT,
  429: TOO_MANY,
};
