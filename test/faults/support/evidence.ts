import { paginateScan } from "@aws-sdk/client-dynamodb";
import { evidencePlace } from "../../../bin/commands/evidence-place.ts";
import { hashedText } from "../../../lambdas/domain/evidence/line.ts";
import type { LedgerRecord, RecordBody } from "../../../lambdas/domain/evidence/record.ts";
import { settles } from "../../../lambdas/domain/evidence/unresolved.ts";
import { type Verdict, verifyEvidence } from "../../../lambdas/domain/evidence/verify/verify.ts";
import { type Estate, vaultsOf } from "./estate.ts";

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

export async function evidenceOf(estate: Estate): Promise<Evidence> {
  const { masked } = vaultsOf(estate);
  const records: LedgerRecord[] = [];
  const pages = paginateScan({ client: estate.world.aws.dynamoDb }, { TableName: "ledger", ConsistentRead: true });
  for await (const { Items = [] } of pages)
    records.push(...Items.flatMap(({ line }) => (line?.S === undefined ? [] : [JSON.parse(line.S) as LedgerRecord])));

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
    if (record.call !== undefined) byCall.set(record.call, [...(byCall.get(record.call) ?? []), record]);
    if (record.type !== "call.received" || record.request === undefined) continue;
    const name = JSON.parse(await textOf(record.request)).params?.arguments?.name;
    received.set(name, [...(received.get(name) ?? []), record]);
  }
  const outcomeOf = (call: LedgerRecord) => byCall.get(call.call ?? "")?.find((record) => settles(record, call));
  return { records, archived, archivedLines, received, outcomeOf };
}

/** What an auditor finds who has both vaults and the key. */
export async function verdictOf({ world }: Estate, until: number): Promise<Verdict> {
  const place = { environment: world.environment, maskedVault: "masked", url: "" };
  const { masked, sealed, keys } = await evidencePlace(place, { sealedVault: "sealed" });
  return verifyEvidence({ masked, sealed, keys, from: null, until });
}
