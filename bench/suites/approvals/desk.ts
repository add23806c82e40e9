import { Agent, request } from "undici";
import { renderedDigest } from "../../../lambdas/domain/approval/rendered.ts";
import type { StackReady } from "./stack-process.ts";

const dispatcher = new Agent();

/** The console's API as an approver's page asks it. */
export interface ApproversDesk {
  /** One page of what waits for this approver. */
  waiting(cursor?: string): Promise<{ readonly ids: readonly string[]; readonly cursor: string | null }>;
  show(id: string): Promise<unknown>;
  approve(id: string): Promise<unknown>;
}

export function approversDesk({ publicUrl, approver }: StackReady): ApproversDesk {
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const answer = await request(`${publicUrl}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${approver}`, "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
      dispatcher,
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`HTTP ${answer.statusCode} of ${path}: ${text.slice(0, 300)}`);
    return JSON.parse(text);
  };
  return {
    async waiting(cursor) {
      const query = new URLSearchParams({ view: "waiting", ...(cursor === undefined ? {} : { cursor }) });
      const page = (await ask(`/approvals?${query}`)) as { approvals: { id: string }[]; cursor: string | null };
      return { ids: page.approvals.map(({ id }) => id), cursor: page.cursor };
    },
    show: (id) => ask(`/approvals/${id}`),
    async approve(id) {
      const rendered = await renderedDigest((await ask(`/approvals/${id}`)) as Parameters<typeof renderedDigest>[0]);
      return ask(`/approvals/${id}/decision`, { verdict: "approve", reason: "seen and judged", rendered });
    },
  };
}
