import { button, el } from "./dom.ts";
import type { Failure } from "./failure.ts";
import { shown } from "./text.ts";

/** Draws a failure: what happened, what was said, what to do. */
export function notice(failure: Failure, remedies: { signIn: () => void; retry: () => void }): HTMLElement {
  return el(
    "section",
    { class: "notice", role: "alert" },
    el("h2", {}, failure.title),
    failure.message !== "" && el("p", { class: "said" }, ...shown(failure.message)),
    el("p", {}, failure.advice),
    failure.remedy === "sign-in" && button("Sign in again", remedies.signIn, "primary"),
    failure.remedy === "retry" && button("Try again", remedies.retry),
  );
}
