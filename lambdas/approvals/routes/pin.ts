import { bodyOf } from "../../api/api.ts";
import { sourceOf } from "../../api/source.ts";
import type { PinRow } from "../../aws/pins-table.ts";
import { CountersignError } from "../../domain/error.ts";
import type { RecordBody } from "../../domain/evidence/record.ts";
import type { Principal } from "../../domain/identity/principal.ts";
import { recordPrincipal } from "../../domain/identity/record-principal.ts";
import { canonical, sha256Hex } from "../../domain/json/canonical.ts";
import type { PolicyEngine } from "../../domain/policy/engine.ts";
import { question } from "../../domain/policy/question.ts";
import type { Desk } from "../desk.ts";
import { readReason } from "../reason-body.ts";
import { consoleSession } from "../refused-record.ts";
import { idOf, type PersonRequest, type Route } from "../route.ts";

/** Longest name of a tool that a record holds. */
const LONGEST_TARGET = 512;

/**
 * Pins a tool again: the changed definition of that digest, or, where the digest is the pinned one, that again, so that
 * what was seen meanwhile is forgotten. Nobody can accept what they did not name: a server that changes its tool once more
 * is not accepted with it.
 */
export const pin: Route = async (request, desk) => {
  const { server, tool, digest, reason } = readPin(request, desk);
  const by = request.person.name;
  const rows = await Promise.all((["legacy", "modern"] as const).map((era) => desk.pins.get({ server, era, tool })));
  const concerned = rows.flatMap((row): { readonly row: PinRow; readonly outcome: "accepted" | "kept" }[] => {
    if (row?.seen?.digest === digest) return [{ row, outcome: "accepted" }];
    return row?.pinned?.digest === digest && row.seen !== null ? [{ row, outcome: "kept" }] : [];
  });
  if (concerned.length === 0)
    throw new CountersignError(
      "not_found",
      "no changed tool of that name has this digest; see `countersign pins list`",
    );
  for (const { row, outcome } of concerned) {
    // The record comes first: a pin that changed has left a trace.
    await recordPin(row, { digest, outcome, reason }, request, desk);
    const done =
      outcome === "accepted" ? await desk.pins.accept(row, by, desk.now()) : await desk.pins.keep(row, digest);
    if (!done)
      throw new CountersignError("approval_conflict", "the tool changed once more meanwhile; look at it again");
  }
  return { pinned: digest };
};

/** @throws CountersignError where the person may not, or what is asked for cannot be done */
function readPin(request: PersonRequest, { settings, engine, masked }: Desk) {
  const { event, person } = request;
  const server = idOf(event);
  const body = bodyOf(event);
  const { tool, digest } = body;
  if (typeof tool !== "string" || tool === "" || typeof digest !== "string" || !/^[0-9a-f]{64}$/.test(digest))
    throw new CountersignError("bad_request", '"tool" must be its name, and "digest" the SHA-256 of its definition');
  if (!mayPin(person, { server, tool }, engine))
    throw new CountersignError("forbidden", "no policy permits you to pin this tool");
  const fixed = settings.pins?.servers[server];
  if (fixed !== undefined && !(Object.hasOwn(fixed, tool) && fixed[tool]?.includes(digest)))
    throw new CountersignError("bad_request", `the tools of ${server} are pinned in config/pins.json: change it there`);
  return { server, tool, digest, reason: masked(readReason(body, true)) };
}

/** Whether policy lets a person say which definition of a tool is the right one. */
function mayPin(person: Principal, { server, tool }: { server: string; tool: string }, engine: PolicyEngine): boolean {
  const answer = engine.ask(question(person, "administer", { kind: "tool", server, name: tool }));
  return answer.allowed && answer.errors.length === 0;
}

async function recordPin(
  { server, era, tool, pinned }: PinRow,
  { digest, outcome, reason }: { readonly digest: string; readonly outcome: string; readonly reason: string },
  { event, person }: PersonRequest,
  { writer, now }: Desk,
): Promise<void> {
  await writer.append({
    type: "tool.pinned",
    occurredAt: new Date(now()).toISOString(),
    session: consoleSession(person),
    server,
    target: tool.slice(0, LONGEST_TARGET).toWellFormed(),
    outcome,
    reason,
    principal: recordPrincipal(person),
    source: sourceOf(event),
    response: plainBody(canonical({ tools: [{ era, before: pinned?.digest ?? null, digest }] })),
  });
}

/** A body of our own words: there is nothing to mask in it. */
const plainBody = (text: string): RecordBody => ({
  text,
  key: null,
  originalHash: sha256Hex(text),
  originalBytes: Buffer.byteLength(text),
  findings: [],
  findingCount: 0,
  sealedHash: null,
});
