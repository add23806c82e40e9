import type { Approval } from "./approval.ts";
import { argumentTree } from "./argument-tree.ts";
import { type Child, el } from "./dom.ts";
import { shown } from "./text.ts";
import { moment } from "./words.ts";

/** What is asked: who, what, with which arguments, why it needs consent. It does not change while the page is open. */
export function callView(approval: Approval): HTMLElement[] {
  const { requester, attempt = 1 } = approval;
  // A risk without a place in the arguments was found in the name of the tool itself.
  const named = approval.risks.filter(({ pointer }) => pointer === "").map(({ match }) => match);
  return [
    section(
      "Who asks",
      facts([
        [requester.kind === "user" ? "Person" : "Workload", shown(requester.name)],
        ["Identity", shown(requester.id)],
        requester.initiator ? ["Started by", shown(requester.initiator)] : undefined,
        ["Client", requester.clientId ? shown(requester.clientId) : ["not named by the token"]],
        ["Asked", [moment(approval.createdAt)]],
        attempt > 1 ? ["Attempt", [`${attempt}: the same call has asked before`]] : undefined,
      ]),
    ),
    section(
      "What would run",
      facts([
        ["Server", shown(approval.server)],
        [approval.method === "tools/call" ? "Tool" : "Target", shown(approval.tool, named)],
        ["Method", shown(approval.method)],
      ]),
      el("h3", {}, "Arguments"),
      argumentTree(approval.arguments, approval.risks),
    ),
    section("Why it needs consent", risks(approval), policies(approval)),
  ];
}

export function section(title: string, ...children: readonly Child[]): HTMLElement {
  return el("section", { class: "card" }, el("h2", {}, title), ...children);
}

type Fact = readonly [name: string, value: readonly (Node | string)[]];

function facts(rows: readonly (Fact | undefined)[]): HTMLElement {
  const present = rows.filter((row) => row !== undefined);
  return el(
    "dl",
    { class: "facts" },
    ...present.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, ...value))),
  );
}

function risks({ risks: found }: Approval): HTMLElement {
  if (found.length === 0) return el("p", {}, "No risk was found in it; a policy asks for consent all the same.");
  return el(
    "ul",
    { class: "risks" },
    ...found.map(({ risk, pointer, match }) =>
      el(
        "li",
        {},
        el("strong", { class: "risk" }, ...shown(risk)),
        match !== "" && el("mark", {}, ...shown(match)),
        el(
          "span",
          { class: "where" },
          ...(pointer === "" ? ["in the name"] : ["at ", el("code", {}, ...shown(pointer))]),
        ),
      ),
    ),
  );
}

function policies({ policies: ids }: Approval): HTMLElement {
  return el(
    "p",
    { class: "policies" },
    "Policies: ",
    ...ids.flatMap((id, at) => [at > 0 ? ", " : "", el("code", {}, ...shown(id))]),
  );
}
