import type { LedgerRecord } from "../lambdas/domain/evidence/record.ts";
import type { ToldBodies, ToldBody } from "../lambdas/domain/evidence/story.ts";
import { jsonIn, type Source, unpacked } from "../lambdas/domain/evidence/verify/source.ts";
import { sha256Hex } from "../lambdas/domain/json/canonical.ts";

/** Fetches the bodies that are kept apart from these records; each is told only if it is the one that its record names. */
export async function toldBodies(records: Iterable<LedgerRecord>, masked: Source | undefined): Promise<ToldBodies> {
  const told = new Map<string, ToldBody>();
  for (const record of records)
    for (const key of [record.request?.key, record.response?.key])
      if (typeof key === "string" && !told.has(key)) told.set(key, await tell(key, masked));
  return told;
}

async function tell(key: string, masked: Source | undefined): Promise<ToldBody> {
  if (masked === undefined) return { missing: `kept apart as ${key}; name the masked vault to read it` };
  const bytes = await masked.read(key);
  if (bytes === undefined) return { missing: `${key} is not there` };
  const text = unpacked(bytes)?.toString("utf8");
  // The key ends in the hash of all that the object holds.
  if (text === undefined || !key.endsWith(`-${sha256Hex(text)}`))
    return { missing: `ALTERED: ${key} is not what the record names` };
  const { text: body } = (jsonIn(bytes) ?? {}) as { text?: unknown };
  return typeof body === "string" ? { text: body } : { missing: `${key} holds no body` };
}
