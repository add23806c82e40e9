import type { ApprovalSummary } from "./approval.ts";
import { el } from "./dom.ts";
import { failureOf } from "./failure.ts";
import { notice } from "./notice.ts";
import { type Page, type PageContext, repeat } from "./page.ts";
import { fragmentOf } from "./place.ts";
import { shown } from "./text.ts";
import { lengthOf, moment, STATUS_WORDS } from "./words.ts";

/** The approvals that this person may see; those that wait come first. */
export function listPage({ api, signInAgain }: PageContext): Page {
  const content = el("div", { class: "list" }, el("p", {}, "Loading…"));
  const poll = repeat(10, async () => {
    try {
      content.replaceChildren(list(await api.list(), Date.now() + api.clockOffset()));
      return true;
    } catch (error) {
      content.replaceChildren(notice(failureOf(error), { signIn: signInAgain, retry: () => poll.now() }));
      return false;
    }
  });
  return { element: el("div", {}, el("h1", { tabindex: "-1" }, "Approvals"), content), stop: poll.stop };
}

function list(approvals: readonly ApprovalSummary[], now: number): HTMLElement {
  if (approvals.length === 0) return el("p", { class: "card" }, "Nothing waits for you.");
  const waiting = (approval: ApprovalSummary) => Number(approval.status === "PENDING");
  const sorted = approvals.toSorted((a, b) => waiting(b) - waiting(a) || b.createdAt - a.createdAt);
  return el("ul", { class: "rows" }, ...sorted.map((approval) => row(approval, now)));
}

function row(approval: ApprovalSummary, now: number): HTMLElement {
  const { id, status, requester, server, tool, method, createdAt, deadline } = approval;
  const time = status === "PENDING" ? `${lengthOf(deadline - now)} left` : moment(createdAt);
  return el(
    "li",
    {},
    el(
      "a",
      { href: fragmentOf({ name: "approval", id }), class: "card" },
      el("strong", { class: `badge ${status.toLowerCase()}` }, STATUS_WORDS[status].label),
      el("span", { class: "what" }, ...shown(tool || method), " on ", ...shown(server)),
      el("span", { class: "hint" }, ...shown(requester.name), `, ${time}`),
    ),
  );
}
