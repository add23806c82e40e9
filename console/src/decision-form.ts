import type { Approval, Verdict } from "./approval.ts";
import { el } from "./dom.ts";
import { shown } from "./text.ts";

/** Characters of a reason; the API asks for the same. */
const REASON = { shortest: 3, longest: 1000 };

/** Where the approver says yes or no, and why. */
export interface DecisionForm {
  readonly element: HTMLElement;
  show(approval: Approval): void;
  /** While a decision is on its way nothing can be pressed twice. */
  busy(sending: boolean): void;
  forgetDraft(): void;
}

/** @param decide called once a reason is there and a button was pressed */
export function decisionForm(id: string, decide: (verdict: Verdict, reason: string) => void): DecisionForm {
  const draft = `countersign.draft.${id}`;
  const problem = el("p", { id: "reason-problem", class: "problem", role: "alert" });
  const reason = el("textarea", {
    id: "reason",
    rows: "3",
    maxlength: String(REASON.longest),
    required: "",
    "aria-describedby": "reason-hint reason-problem",
  });
  // Signing in again leaves the page; what was written must be there afterwards.
  reason.value = sessionStorage.getItem(draft) ?? "";
  reason.addEventListener("input", () => sessionStorage.setItem(draft, reason.value));

  const submit = (verdict: Verdict, label: string) =>
    el("button", { type: "submit", class: verdict, value: verdict }, label);
  const controls = [submit("approve", "Approve"), submit("deny", "Deny")];
  const form = el(
    "form",
    { novalidate: "" },
    el("label", { for: "reason" }, "Your reason"),
    el("p", { id: "reason-hint", class: "hint" }, "It is recorded with your name and shown to the requester."),
    reason,
    problem,
    el("div", { class: "buttons" }, ...controls),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // Enter in a form presses its first button; a verdict is only ever a button that was meant.
    if (!(event.submitter instanceof HTMLButtonElement)) return;
    const written = reason.value.trim();
    const tooShort = written.length < REASON.shortest;
    problem.textContent = tooShort ? `Write a reason first, of ${REASON.shortest} characters or more.` : "";
    reason.setAttribute("aria-invalid", String(tooShort));
    if (tooShort) return reason.focus();
    decide(event.submitter.value === "approve" ? "approve" : "deny", written);
  });

  const whyNot = el("p", { class: "why-not" });
  const element = el("section", { class: "card decide", "aria-label": "Decide" }, form, whyNot);
  return {
    element,
    show(approval) {
      element.hidden = approval.status !== "PENDING";
      form.hidden = !approval.canDecide;
      whyNot.hidden = approval.canDecide;
      whyNot.replaceChildren(...shown(sentence(approval.whyNot ?? "you cannot decide this one")));
    },
    busy(sending) {
      for (const control of controls) control.disabled = sending;
      reason.readOnly = sending;
      form.setAttribute("aria-busy", String(sending));
    },
    forgetDraft: () => sessionStorage.removeItem(draft),
  };
}

const sentence = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
