import { paginateScan } from "@aws-sdk/client-dynamodb";
import { evidencePlace } from "../../bin/commands/evidence-place.ts";
import type { Place } from "../../bin/place.ts";
import { textOf as lineOf } from "../../lambdas/aws/ledger-item.ts";
import type { Vault } from "../../lambdas/aws/vault.ts";
import { hashedText } from "../../lambdas/domain/evidence/line.ts";
import type { LedgerRecord, RecordBody } from "../../lambdas/domain/evidence/record.ts";
import { settles } from "../../lambdas/domain/evidence/unresolved.ts";
import { type Verdict, verifyEvidence } from "../../lambdas/domain/evidence/verify/verify.ts";
import type { LocalAws } from "../../local/aws.ts";

/** Everything that was written down, from ledger and archive. */
export interface Evidence {
  readonly records: readonly LedgerRecord[];
  /** Texts of the archived records by id; a record that was archived twice in the same words has one. */
  readonly archived: ReadonlyMap<string, ReadonlySet<string>>;
  readonly archivedLines: number;
  /** The requests by the argument `name` of their calls. */
  readonly received: ReadonlyMap<string, readonly LedgerRecord[]>;
  /** How a received call ended; undefined when nothing says so. */
  outcomeOf(received: LedgerRecord): LedgerRecord | undefined;
}

/**
 * Reads ledger and archive as they are, past every door.
 *
 * @param table name of the ledger
 */
export async function readEvidence({ dynamoDb }: LocalAws, table: string, masked: Vault): Promise<Evidence> {
  const records: LedgerRecord[] = [];
  for await (const { Items = [] } of paginateScan({ client: dynamoDb }, { TableName: table, ConsistentRead: true }))
    records.push(...Items.flatMap((item) => lineOf(item) ?? []).map((text) => JSON.parse(text) as LedgerRecord));

  const archived = new Map<string, Set<string>>();
  let archivedLines = 0;
  for (const key of await masked.list("transcripts/"))
    for (const line of (await masked.get(key)).trimEnd().split("\n")) {
      const text = hashedText(line);
      const { id } = JSON.parse(text) as LedgerRecord;
      archived.set(id, (archived.get(id) ?? new Set()).add(text));
      archivedLines += 1;
    }

  const textOf = async ({ text, key }: RecordBody): Promise<string> =>
    key === null ? (text ?? "") : JSON.parse(await masked.get(key)).text;
  const received = new Map<string, LedgerRecord[]>();
  const byCall = new Map<string, LedgerRecord[]>();
  for (const record of records) {
    if (record.call !== undefined) add(byCall, record.call, record);
    if (record.type !== "call.received" || record.request === undefined) continue;
    const text = await textOf(record.request);
    // What has no body, as the end of a session, is no call of a tool.
    const name = text === "" ? undefined : JSON.parse(text).params?.arguments?.name;
    if (name !== undefined) add(received, name, record);
  }
  const outcomeOf = (call: LedgerRecord) => byCall.get(call.call ?? "")?.find((record) => settles(record, call));
  return { records, archived, archivedLines, received, outcomeOf };
}

/** What an auditor finds who has both vaults and the key. */
export async function auditorsVerdict(place: Place, sealedVault: string, until: number): Promise<Verdict> {
  const { masked, sealed, keys } = await evidencePlace(place, { sealedVault });
  return verifyEvidence({ masked, sealed, keys, from: null, until });
}

function add(lists: Map<string, LedgerRecord[]>, name: string, record: LedgerRecord): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [record]);
  else list.push(record);
}
