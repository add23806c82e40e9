import { setTimeout as sleep } from "node:timers/promises";
import { OWN_CODE } from "../../../lambdas/domain/mcp/constants.ts";
import { v1 } from "../../clients/support/v1.ts";
import { v2Modern } from "../../clients/support/v2.ts";
import { OVERLOADED, type Sort } from "./answers.ts";
import type { Crowd } from "./crowd.ts";

/** What one does again and again beside the crowd. @returns what it counts as, and what came of it */
export type Turn = (crowd: Crowd, name: string) => Promise<readonly [kind: string, came: string]>;

/** A turn that came to nothing, because the emulator did not answer in time. */
class Overload extends Error {}
const CODES: readonly unknown[] = [OWN_CODE.notRecorded, OWN_CODE.outcomeNotRecorded, OWN_CODE.upstreamFailed];
/** Whether it is that; published clients tell it by the gateway's code. */
export const isOverload = (cause: unknown): boolean =>
  cause instanceof Overload || (cause instanceof Error && "code" in cause && CODES.includes(cause.code));

/** @throws Error unless the approvers' API answered as it should, or that it cannot now */
function check(
  what: string,
  { status, body }: { status: number; body: unknown },
  ...expected: readonly number[]
): void {
  if (status === 500 || status === 503) throw new Overload(what);
  if (!expected.includes(status)) throw new Error(`${what}: HTTP ${status} ${JSON.stringify(body)}`);
}

/** Times that who asks for an approval comes again, and milliseconds before each. */
const COMES_AGAIN = 3;
const COMES_AFTER = 1500;

/** Asks for what needs an approval: held on a stream, held plainly, or in legs; some never come back for it. */
export const ask: Turn = async (crowd, name) => {
  const era = crowd.of(["legacy", "modern"] as const);
  const meta = crowd.of([{ progressToken: name }, {}]);
  const comes = crowd.random() < 0.7;
  let more: Readonly<Record<string, unknown>> = {};
  let last: Sort = "pending";
  for (let tries = 0; tries < COMES_AGAIN && ["pending", "running", "input_required"].includes(last); tries += 1) {
    const { sort, told } = await crowd.call({ name }, { era, tool: "create_role", meta, more });
    const { requestState } = told.messages.at(-1)?.result ?? {};
    more = sort === "input_required" ? { requestState } : {};
    if (OVERLOADED.includes(sort)) throw new Overload(sort);
    if (!["result", "denied", "not_now", "pending", "running", "input_required"].includes(sort))
      throw new Error(`who asked for an approval heard ${sort}: ${told.text}`);
    last = sort;
    if (!comes) break;
    if (sort === "pending" || sort === "running") await sleep(COMES_AFTER);
  }
  return ["a call that needs an approval", last];
};

/** Milliseconds between looks into the approvers' room. */
const LOOKS_EVERY = 400;

/** What an approver does with the first approval that waits, the second, and so on: some wait in vain. */
const VERDICTS = ["approve", "deny", null, "approve"] as const;

/** Looks at what waits, and decides on it once: yes, no, or not at all. */
export function approver(): Turn {
  const seen = new Set<string>();
  return async (crowd) => {
    await sleep(LOOKS_EVERY);
    const page = await crowd.desk.api("approver-one", "/approvals?view=waiting");
    check("the approvers' room", page, 200);
    const fresh = (page.body.approvals as { readonly id: string }[]).filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) {
      const verdict = VERDICTS[seen.size % VERDICTS.length];
      seen.add(id);
      if (verdict === undefined || verdict === null) continue;
      const decided = await crowd.desk.decide(id, verdict);
      // 409: it expired meanwhile.
      check("a decision", decided, 200, 409);
      crowd.tally.count("a decision", decided.status === 200 ? "decided" : "too late");
    }
    return ["a look at what waits", "seen"];
  };
}

/** Blocks somebody, whose next call must be denied, and lets them in again. */
export const administrator: Turn = async (crowd, name) => {
  const { sub } = JSON.parse(Buffer.from(crowd.oncall.split(".")[1] ?? "", "base64url").toString()) as { sub: string };
  const path = `/principals/${encodeURIComponent(`local|${sub}`)}`;
  const order = async (what: "block" | "unblock") => {
    check(what, await crowd.desk.api("admin", `${path}/${what}`, { reason: "it is their turn" }), 200);
  };
  const heard = async (part: string) => (await crowd.call({ name: `${name}-${part}` }, { token: crowd.oncall })).sort;
  await order("block");
  const blocked = await heard("blocked");
  await order("unblock");
  const free = await heard("free");
  if ([blocked, free].some((sort) => OVERLOADED.includes(sort))) throw new Overload(`${blocked}, ${free}`);
  if (blocked !== "denied" || free !== "result") throw new Error(`blocked: ${blocked}, free again: ${free}`);
  await sleep(1000);
  return ["a block and its end", "denied, then a result"];
};

/** Two published clients, one of each era: they connect, list, call and go. */
export const programs: Turn = async (crowd, name) => {
  const legacy = crowd.random() < 0.5;
  const server = legacy ? "everything" : "ops";
  const peer = await (legacy ? v1 : v2Modern).connect({
    url: `${crowd.stack.publicUrl}/mcp/${server}`,
    token: crowd.token(),
  });
  try {
    await peer.ask("tools/list");
    const wish = legacy ? { name: "echo", arguments: { message: name } } : { name: "read_config", arguments: { name } };
    const result = await peer.ask("tools/call", wish);
    if (!JSON.stringify(result).includes(name)) throw new Error(`a client heard ${JSON.stringify(result)}`);
    if (legacy) await peer.endSession();
  } finally {
    await peer.close();
  }
  await sleep(500);
  return [legacy ? "SDK 1.32, a whole session" : "SDK 2.4, 2026-07-28", "result"];
};
