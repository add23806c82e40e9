import type { Approval } from "../domain/approval/approval.ts";
import { argumentsDigest } from "../domain/approval/grant.ts";
import { approvalId } from "../domain/approval/identity.ts";
import { shownArguments } from "../domain/approval/shown.ts";
import { isCovered, shownRisk } from "../domain/approval/shown-risk.ts";
import { CountersignError } from "../domain/error.ts";
import { sealOriginal } from "../domain/evidence/sealed-original.ts";
import type { Json } from "../domain/json/json.ts";
import { readFaithful } from "../domain/json/strict.ts";
import { credentialRules, maskJson, maskText } from "../domain/masking/index.ts";
import type { Decision } from "../domain/policy/decide.ts";
import { agentIn } from "./agent.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";
import type { ToolDefinition } from "./tool-definition.ts";

/** Longest arguments, in bytes, that fit on an approver's page. */
const LONGEST_ARGUMENTS = 65_536;
/** Longest original, in bytes, that fits sealed in the approval's row beside what will come of it. */
const LONGEST_ORIGINAL = 131_072;

/** What an approval of a call is made of, beside the call itself. */
export interface Asked {
  readonly kind: "call" | "review";
  readonly decision: Extract<Decision, { kind: "approve" }>;
  readonly tool: ToolDefinition;
  readonly digest: string;
  readonly attempt: number;
  readonly quorum: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/**
 * The row of a new approval.
 * @throws CountersignError `bad_request` when the arguments are too large to be judged
 */
export async function approvalRow(call: Call, asked: Asked, house: House): Promise<Approval> {
  const { principal } = call.caller;
  const value: Json = call.arguments ?? {};
  const text = JSON.stringify(value);
  const keyedHash = await house.keyedHash();
  const masking = house.masking(call.server);
  const { text: maskedText, findings: credentials } = maskJson(text, credentialRules(masking), keyedHash);
  const masked = readFaithful(maskedText);
  const shown = shownArguments(value, masked, credentials);
  const shownText = JSON.stringify(shown);
  if (Buffer.byteLength(shownText) > LONGEST_ARGUMENTS || Buffer.byteLength(text) > LONGEST_ORIGINAL)
    throw new CountersignError(
      "bad_request",
      `the arguments are over ${LONGEST_ARGUMENTS} bytes, or ${LONGEST_ORIGINAL} with what is masked in them: too much for an approver to judge`,
    );
  const parts = { value, masked, credentials, shown };
  const revealNeeded = call.risks.some((match) => isCovered(match, parts));
  return {
    id: approvalId(asked.digest, asked.attempt),
    kind: asked.kind,
    callDigest: asked.digest,
    attempt: asked.attempt,
    status: "PENDING",
    createdAt: house.now(),
    deadline: asked.deadline,
    group: asked.decision.group,
    quorum: asked.quorum,
    requester: principal,
    requesterId: principal.id,
    agent: agentIn(call.message) ?? call.agent,
    baseUrl: call.baseUrl,
    session: call.session,
    call: call.id,
    server: call.server,
    method: call.message.method,
    target: call.shownTarget,
    description: asked.tool.description,
    toolDigest: asked.tool.digest,
    arguments: shownText,
    argumentsDigest: argumentsDigest(call.arguments),
    ...(revealNeeded ? { sealedArguments: await sealOriginal(text, call.id, await house.contentKey()) } : {}),
    revealNeeded,
    revealedTo: [],
    scopes: asked.decision.scopes,
    access: null,
    breakGlass: call.breakGlass ?? null,
    risks: call.risks.map((match) => shownRisk(match, parts, (whole) => maskText(whole, masking, keyedHash).text)),
    policies: call.decision.policies,
    digests: house.settings.digests,
    decisions: [],
  };
}
