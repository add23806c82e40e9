import { renderedDigest } from "../../lambdas/domain/approval/rendered.ts";
import type { LocalStack } from "../../local/stack.ts";

/** The console's API, as an approver or administrator uses it. */
export function approving(gateway: { readonly stack: Pick<LocalStack, "publicUrl" | "token"> }) {
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (account: string) => {
    const found = tokens.get(account) ?? gateway.stack.token(account, "console");
    tokens.set(account, found);
    return found;
  };

  const api = async (account: string, path: string, body?: object) => {
    const response = await fetch(`${gateway.stack.publicUrl}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${await tokenOf(account)}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: whatever a test looks at
    return { status: response.status, body: (await response.json()) as any };
  };

  return {
    api,
    /** The one approval that waits for a call of a tool; polls until it is there. */
    async waiting(tool: string, account = "approver-one"): Promise<string> {
      for (let attempt = 0; attempt < 100; attempt += 1) {
        const { body } = await api(account, "/approvals?view=waiting");
        const found = body.approvals.find((row: { tool: string }) => row.tool === tool);
        if (found !== undefined) return found.id as string;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`no approval waits for ${tool}`);
    },
    async decide(id: string, verdict: "approve" | "deny", more: object = {}, account = "approver-one") {
      const shown = await api(account, `/approvals/${id}`);
      const rendered = await renderedDigest(shown.body);
      return api(account, `/approvals/${id}/decision`, { verdict, reason: "seen and judged", rendered, ...more });
    },
  };
}
