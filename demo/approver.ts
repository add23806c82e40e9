import assert from "node:assert/strict";
import { renderedDigest } from "../lambdas/domain/approval/rendered.ts";
import type { Stage } from "./stage.ts";

/** An approver's answer from the API. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The approval that the first mail since then links to. */
export async function mailedApproval({ stack, say }: Stage, since: number): Promise<string> {
  const mail = await stack.inbox.waitFor((entry) => Date.parse(entry.at) >= since);
  const id = mail.links[0]?.match(/#\/approvals\/([a-z2-7]{26})$/)?.[1];
  assert.ok(id, `the mail holds no link: ${mail.text}`);
  assert.match(mail.subject, /^[ -~]{1,99}$/, "the subject must be one line of ASCII");
  say(`mail "${mail.subject}", link ${mail.links[0]}`);
  return id;
}

/** What the page does: shows the approval, then posts the decision. */
export async function decide(
  stage: Stage,
  id: string,
  token: string,
  verdict: "approve" | "deny",
  reason: string,
  scope?: object,
): Promise<ApiAnswer> {
  const shown = await api(stage, `/approvals/${id}`, token);
  const rendered = await renderedDigest(shown.body);
  return api(stage, `/approvals/${id}/decision`, token, {
    verdict,
    reason,
    rendered,
    ...(scope === undefined ? {} : { scope }),
  });
}

export async function api({ stack }: Stage, path: string, token: string, body?: unknown): Promise<ApiAnswer> {
  const response = await fetch(`${stack.publicUrl}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as ApiAnswer["body"] };
}
