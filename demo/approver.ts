import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Stage } from "./stage.ts";

/** An approver's answer from the API. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The approval that the newest mail about this tool argument links to. */
export async function mailedApproval({ stack, say }: Stage, after: number): Promise<string> {
  const mail = await eventually(
    async () => (await stack.inbox.messages()).filter((entry) => entry.receivedAt >= after).at(-1),
    "an e-mail to the approvers",
  );
  const link = mail.message.match(/https?:\S+/)?.[0] ?? "";
  const id = link.match(/#\/approvals\/([a-z2-7]{26})$/)?.[1];
  assert.ok(id, `the mail holds no link: ${mail.message}`);
  assert.match(mail.subject, /^[ -~]{1,99}$/, "the subject must be one line of ASCII");
  say(`mail "${mail.subject}", link ${link}`);
  return id;
}

/** What the page does: shows the approval, then posts the decision. */
export async function decide(
  stage: Stage,
  id: string,
  token: string,
  verdict: "approve" | "deny",
  reason: string,
): Promise<ApiAnswer> {
  const shown = await api(stage, `/approvals/${id}`, token);
  const rendered = createHash("sha256").update(JSON.stringify(shown.body)).digest("hex");
  return api(stage, `/approvals/${id}/decision`, token, { verdict, reason, rendered });
}

export async function api({ stack }: Stage, path: string, token: string, body?: unknown): Promise<ApiAnswer> {
  const response = await fetch(`${stack.publicUrl}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as ApiAnswer["body"] };
}

/** Looks every 100 ms until there is something; fails loudly after 20 s. */
export async function eventually<T>(look: () => Promise<T | undefined>, what: string): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > end) throw new Error(`waited 20 s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
