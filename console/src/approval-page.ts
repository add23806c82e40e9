import type { Approval, Verdict } from "./approval.ts";
import { callView } from "./call-view.ts";
import { decisionForm } from "./decision-form.ts";
import { el } from "./dom.ts";
import { ApiError, failureOf } from "./failure.ts";
import { notice } from "./notice.ts";
import { type Page, type PageContext, repeat } from "./page.ts";
import { renderedText, sha256 } from "./rendered.ts";
import { statusView } from "./status-view.ts";
import { shown } from "./text.ts";
import { FINAL } from "./words.ts";

const POLL_SECONDS = 3;

/** One approval: what is asked, where it stands, and the decision. Showing it changes nothing. */
export function approvalPage(id: string, { api, signInAgain }: PageContext): Page {
  const status = statusView();
  const form = decisionForm(id, (verdict, reason) => void decide(verdict, reason));
  const title = el("h1", { tabindex: "-1" }, "Loading the approval…");
  const call = el("div", { class: "call" });
  const trouble = el("div", { class: "trouble" });
  const refusal = el("div", { class: "trouble" });
  const outcome = el("p", { class: "outcome", role: "status" });
  form.element.hidden = true;
  const side = el("div", { class: "side" }, trouble, outcome, refusal, form.element, status.decisions);
  const element = el(
    "article",
    { class: "approval" },
    title,
    status.element,
    el("div", { class: "columns" }, call, side),
  );

  let drawn: Approval | undefined;
  const remedies = { signIn: signInAgain, retry: () => poll.now() };

  const poll = repeat(POLL_SECONDS, async () => {
    try {
      draw(await api.get(id));
      trouble.replaceChildren();
      return drawn === undefined || !FINAL.has(drawn.status);
    } catch (error) {
      if (drawn === undefined) title.textContent = "Approval";
      trouble.replaceChildren(notice(failureOf(error), remedies));
      // Only silence passes by itself; any other answer stays the same until the person does something.
      return error instanceof ApiError && (error.status === 0 || error.status >= 500);
    }
  });
  const clock = setInterval(() => drawn && status.tick(drawn, Date.now() + api.clockOffset()), 1000);

  function draw(approval: Approval): void {
    if (drawn === undefined || renderedText(drawn) !== renderedText(approval)) {
      title.replaceChildren(
        ...shown(approval.requester.name),
        " asks to run ",
        ...shown(approval.tool || approval.method),
      );
      title.append(" on ", ...shown(approval.server));
      call.replaceChildren(...callView(approval));
    }
    drawn = approval;
    status.show(approval);
    status.tick(approval, Date.now() + api.clockOffset());
    form.show(approval);
  }

  async function decide(verdict: Verdict, reason: string): Promise<void> {
    if (drawn === undefined) return;
    form.busy(true);
    refusal.replaceChildren();
    try {
      await api.decide(id, { verdict, reason, rendered: await sha256(renderedText(drawn)) });
      form.forgetDraft();
      outcome.textContent = verdict === "approve" ? "Your approval is recorded." : "Your denial is recorded.";
      title.focus();
    } catch (error) {
      const failure = failureOf(error);
      // The buttons are still there to try again with; only a sign-in needs one of its own.
      refusal.replaceChildren(
        notice({ ...failure, remedy: failure.remedy === "sign-in" ? "sign-in" : "none" }, remedies),
      );
    } finally {
      form.busy(false);
      poll.now();
    }
  }

  return {
    element,
    stop() {
      poll.stop();
      clearInterval(clock);
    },
  };
}
