import type { ApprovalAnswer } from "../../console/src/api/approval.ts";
import type { GrantAnswer } from "../../console/src/api/grant.ts";
import type { Me } from "../../console/src/api/me.ts";
import { accessRequest } from "./approvals.ts";

/** Something that was sent to the API, and who sent it. */
export interface Received {
  readonly path: string;
  readonly by: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Who is signed in, unless a test says otherwise. */
const ME: Me = {
  name: "Ana Approver",
  principal: "company|approver-one",
  groups: ["platform"],
  isApprover: true,
  mayBlock: false,
  servers: [{ name: "everything" }, { name: "ops" }],
  longestGrantMinutes: 120,
};

const PAGE = 100;
const ok = (body: unknown): Answer => ({ status: 200, body });
const no = (status: number, code: string, message: string): Answer => ({ status, body: { code, message } });

/** The approvers' API as the contract has it, over approvals and grants held in memory. */
export class FakeApi {
  readonly approvals = new Map<string, ApprovalAnswer>();
  readonly grants = new Map<string, GrantAnswer>();
  /** Arguments in clear, by the approval's id. */
  readonly clear = new Map<string, string>();
  readonly received: Received[] = [];
  /** How many pages of every list hold nothing and go on, before the first that may hold something. */
  emptyPages = 0;
  /** What `GET /me` answers. */
  me = ME;

  reset(): void {
    this.approvals.clear();
    this.grants.clear();
    this.clear.clear();
    this.received.length = 0;
    this.emptyPages = 0;
    this.me = ME;
  }

  get(path: string, query: URLSearchParams, by: string): Answer {
    if (path === "/me") return ok(this.me);
    if (path === "/grants") {
      const all = query.get("all") === "true";
      return ok({
        grants: [...this.grants.values()].filter(({ principal }) => all || principal === this.me.principal),
      });
    }
    if (path === "/approvals") return ok(this.#page(query, by));
    const [, id = ""] = /^\/approvals\/([^/]+)$/.exec(path) ?? [];
    const approval = this.approvals.get(decodeURIComponent(id));
    return approval ? ok(approval) : no(404, "approval_not_found", `No approval has the id ${id}.`);
  }

  post(path: string, body: Received["body"], by: string): Answer {
    this.received.push({ path, by, body });
    const reason = String(body.reason ?? "");
    if (path === "/access-requests") {
      this.approvals.set("asked-1", accessRequest({ id: "asked-1", mayDecide: false, mayWithdraw: true }));
      return ok({ approval: "asked-1" });
    }
    const [, kind, name = "", action] = /^\/(approvals|grants|principals)\/([^/]+)\/([a-z]+)$/.exec(path) ?? [];
    const id = decodeURIComponent(name);
    if (kind === "principals") return ok({ blocked: action === "block" });
    const grant = kind === "grants" ? this.grants.get(id) : undefined;
    if (grant) {
      if (grant.status === "ENDED") return no(409, "grant_ended", "This access has ended.");
      const endedAt = new Date().toISOString();
      const ended: GrantAnswer = { ...grant, status: "ENDED", endedBy: by, endedAt, mayEnd: false };
      this.grants.set(id, ended);
      return ok(ended);
    }
    const approval = kind === "approvals" ? this.approvals.get(id) : undefined;
    if (approval === undefined) return no(404, "not_found", "There is nothing there.");
    if (action === "reveal") return ok({ arguments: this.clear.get(id) ?? approval.arguments });
    if (approval.status !== "PENDING") return no(409, "approval_decided", "Somebody has decided already.");
    this.approvals.set(id, action === "withdraw" ? withdrawn(approval) : decided(approval, body, by, reason));
    return ok(this.approvals.get(id));
  }

  #page(query: URLSearchParams, by: string) {
    const view = query.get("view") ?? "all";
    const from = Number(query.get("cursor") ?? -this.emptyPages);
    if (from < 0) return { approvals: [], cursor: String(from + 1) };
    const seen = [...this.approvals.values()].filter((each) => {
      if (view === "waiting") return each.status === "PENDING" && each.mayDecide;
      if (view === "decided") return each.decisions.some((decision) => decision.by === by);
      return view !== "mine" || each.requester.id === this.me.principal;
    });
    const approvals = seen.slice(from, from + PAGE).map((each) => ({
      ...{ id: each.id, kind: each.kind, status: each.status, server: each.server, method: each.method },
      ...{ createdAt: each.createdAt, deadline: each.deadline, attempt: each.attempt, group: each.group },
      tool: each.tool.name,
      requesterName: each.requester.name,
      requesterId: each.requester.id,
      requesterKind: each.requester.kind,
    }));
    return { approvals, cursor: from + PAGE < seen.length ? String(from + PAGE) : null };
  }
}

const withdrawn = (approval: ApprovalAnswer): ApprovalAnswer => ({
  ...approval,
  status: "WITHDRAWN",
  mayDecide: false,
  mayWithdraw: false,
});

function decided(approval: ApprovalAnswer, body: Received["body"], by: string, reason: string): ApprovalAnswer {
  const verdict = body.verdict === "approve" ? "approve" : "deny";
  const approvals = approval.approvals + Number(verdict === "approve");
  const open = verdict === "approve" && approvals < approval.quorum;
  return {
    ...approval,
    approvals,
    status: open ? "PENDING" : verdict === "approve" ? "APPROVED" : "DENIED",
    mayDecide: false,
    whyNot: open ? "you have decided already" : null,
    decisions: [...approval.decisions, { by, verdict, reason, at: new Date().toISOString() }],
  };
}
