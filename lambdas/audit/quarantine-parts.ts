import type { Vault } from "../aws/vault.ts";
import { CountersignError } from "../domain/error.ts";
import { maskPlace, saidAt } from "../domain/evidence/masked-place.ts";
import type { Remasked } from "../domain/evidence/quarantine.ts";
import type { LedgerRecord, RecordBody } from "../domain/evidence/record.ts";
import type { ContentKey } from "../domain/evidence/sealed-original.ts";
import type { Finding } from "../domain/masking/index.ts";
import { type QuarantineOrder, SHORTEST } from "./quarantine-body.ts";
import { type PresentBody, type QuarantinedBody, quarantinedBody } from "./quarantined-body.ts";
import type { RecordCopy } from "./record-copies.ts";

const PARTS = ["request", "response"] as const;
type Part = (typeof PARTS)[number];
/** The bodies that a record has. */
export type Parts<T> = Partial<Record<Part, T>>;

/** The bodies of a record with their texts, wherever those are kept. */
export async function presentBodies(
  { line: { record }, originals }: RecordCopy,
  vaults: { readonly masked: Vault; readonly sealed: Vault },
): Promise<Parts<PresentBody>> {
  const present: Parts<PresentBody> = {};
  for (const part of PARTS) {
    const body = record[part];
    if (body !== undefined) present[part] = { body, ...(await textsOf(body, originals[part], vaults)) };
  }
  return present;
}

async function textsOf(
  { text, key, findings, sealedHash }: RecordBody,
  sealed: string | undefined,
  vaults: { readonly masked: Vault; readonly sealed: Vault },
): Promise<Omit<PresentBody, "body">> {
  if (key === null) return { text: text ?? "", findings, sealed };
  const object = JSON.parse(await vaults.masked.get(key)) as { text: string; findings: readonly Finding[] };
  return { ...object, sealed: sealedHash === null ? undefined : await vaults.sealed.get(key) };
}

/**
 * What masking missed: the texts that were given, and what stands at the place that was given, unless it is so short that
 * it stands in everything: then it is masked there alone.
 *
 * @throws CountersignError `bad_request` when neither text nor number stands there
 */
export function missedTexts({ texts, at }: QuarantineOrder, present: Parts<PresentBody>): string[] {
  if (at === undefined) return [...texts];
  const body = present[at.part];
  if (body === undefined) throw new CountersignError("bad_request", `the record has no ${at.part}`);
  const said = saidAt(body.text, at.pointer);
  if (said.length === 0) throw new CountersignError("bad_request", "there is no text or number at that place");
  return [...texts, ...said.filter((text) => text.length >= SHORTEST)];
}

/** The bodies masked anew, first at the place that was given, then wherever the missed texts stand. */
export async function remaskedBodies(
  { call = "" }: LedgerRecord,
  present: Parts<PresentBody>,
  { at }: QuarantineOrder,
  remask: (text: string) => Remasked,
  contentKey: () => Promise<ContentKey>,
): Promise<Parts<QuarantinedBody>> {
  const bodies: Parts<QuarantinedBody> = {};
  for (const part of PARTS) {
    const body = present[part];
    const anew = at?.part === part ? placeFirst(at.pointer, remask) : remask;
    if (body !== undefined) bodies[part] = await quarantinedBody(body, { call, part }, anew, contentKey);
  }
  return bodies;
}

const placeFirst = (pointer: string, remask: (text: string) => Remasked) => (text: string) => {
  const placed = maskPlace(text, pointer);
  const again = remask(placed.text);
  return { text: again.text, findings: [...placed.findings, ...again.findings] };
};

/** One thing of each body that is there. */
export function ofEach<T, U>(parts: Parts<T>, take: (part: T) => U | undefined): Parts<U> {
  const taken: Parts<U> = {};
  for (const part of PARTS) {
    const value = parts[part] === undefined ? undefined : take(parts[part]);
    if (value !== undefined) taken[part] = value;
  }
  return taken;
}
