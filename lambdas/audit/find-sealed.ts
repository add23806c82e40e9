import { decodeTime } from "ulid";
import type { Vault } from "../aws/vault.ts";
import { partitionOf } from "../domain/evidence/archive-object.ts";
import type { LedgerRecord } from "../domain/evidence/record.ts";

/** The sealed originals of one record. */
export interface FoundOriginal {
  readonly session: string;
  readonly call: string;
  readonly request: string | undefined;
  readonly response: string | undefined;
}

const HOUR = 3_600_000;

/** Looks a record up in the sealed vault: its id tells the hour it was written, and it arrived then or in the hour after. */
export async function findSealed(vault: Vault, id: string): Promise<FoundOriginal | undefined> {
  const written = decodeTime(id);
  for (const hour of [written, written + HOUR]) {
    for (const key of await vault.list(partitionOf(hour))) {
      const line = (await vault.get(key)).split("\n").find((text) => text.includes(`"id":"${id}"`) && holds(text, id));
      if (line !== undefined) return original(vault, line);
    }
  }
  return undefined;
}

const holds = (line: string, id: string) => (JSON.parse(line) as { record: LedgerRecord }).record.id === id;

async function original(vault: Vault, line: string): Promise<FoundOriginal> {
  const { record, sealed } = JSON.parse(line) as {
    record: LedgerRecord;
    sealed: { request?: string; response?: string };
  };
  // A large body's sealed original is an object of its own.
  const stored = async (part: "request" | "response") => {
    const body = record[part];
    return sealed[part] ?? (body?.key && body.sealedHash !== null ? await vault.get(body.key) : undefined);
  };
  return {
    session: record.session,
    call: record.call ?? "",
    request: await stored("request"),
    response: await stored("response"),
  };
}
