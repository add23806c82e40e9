import type { Approval } from "./approval.ts";
import { section } from "./call-view.ts";
import { el } from "./dom.ts";
import { shown } from "./text.ts";
import { lengthOf, moment, STATUS_WORDS } from "./words.ts";

/** Where the approval stands and who has said what; redrawn when that changes. */
export interface StatusView {
  readonly element: HTMLElement;
  readonly decisions: HTMLElement;
  show(approval: Approval): void;
  /** Shows the time that is left. @param now milliseconds since the epoch, by the server's clock */
  tick(approval: Approval, now: number): void;
}

export function statusView(): StatusView {
  // Announced when it changes. The clock stands outside: read aloud every second it would drown everything else.
  const standing = el("div", { "aria-live": "polite", class: "standing" });
  const clock = el("p", { class: "clock" });
  const decisions = el("div");
  let said = "";

  return {
    element: el("div", { class: "status" }, standing, clock),
    decisions,
    show(approval) {
      const words = STATUS_WORDS[approval.status];
      const count = approval.quorum > 1 ? ` ${approval.approvals} of ${approval.quorum} approvals so far.` : "";
      const next = words.label + words.meaning + count + approval.decisions.length;
      if (next === said) return;
      said = next;
      standing.replaceChildren(
        el("strong", { class: `badge ${approval.status.toLowerCase()}` }, words.label),
        el("span", {}, words.meaning + count),
      );
      decisions.replaceChildren(...decisionList(approval));
    },
    tick(approval, now) {
      const left = approval.deadline - now;
      clock.hidden = approval.status !== "PENDING";
      clock.textContent =
        left > 0 ? `${lengthOf(left)} left to decide, until ${moment(approval.deadline)}` : "Its time is up.";
    },
  };
}

function decisionList({ decisions }: Approval): HTMLElement[] {
  if (decisions.length === 0) return [];
  const items = decisions.map(({ by, verdict, reason, at }) =>
    el(
      "li",
      {},
      el("p", {}, el("strong", {}, ...shown(by)), verdict === "approve" ? " approved" : " denied", `, ${moment(at)}`),
      el("blockquote", {}, ...shown(reason)),
    ),
  );
  return [section("Decisions", el("ul", { class: "decisions" }, ...items))];
}
