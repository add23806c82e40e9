import { GetItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { APPROVALS_INDEX } from "../../../lambdas/index-names.ts";
import { inTurn, repeat, timed } from "../../load.ts";
import { median, quantile } from "../../measure.ts";
import { type Metric, metric } from "../../report.ts";
import { approversDesk } from "./desk.ts";
import type { Surroundings } from "./surroundings.ts";

export interface InboxPlan {
  /** Approvals that wait, those that were seeded among them. */
  readonly pending: number;
  /** Times that each thing is done. */
  readonly calls: number;
  /** Times that the whole inbox is gone through. */
  readonly walks: number;
}

/** Rows that the API reads for a page (`lambdas/approvals/listing.ts`). */
const PAGE = 50;

/** What an approver waits for, each beside the bare request to the emulator that it cannot do without. */
export async function inbox(
  { stack, aws, table }: Surroundings,
  seeded: readonly string[],
  { pending, calls, walks }: InboxPlan,
): Promise<Metric[]> {
  const desk = approversDesk(stack);
  const [first = ""] = seeded;
  const query = (ExclusiveStartKey?: Readonly<Record<string, never>>) =>
    aws.dynamoDb.send(
      new QueryCommand({
        TableName: table,
        IndexName: APPROVALS_INDEX.byStatus,
        KeyConditionExpression: "#status = :status",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":status": { S: "PENDING" } },
        ScanIndexForward: false,
        Limit: PAGE,
        ExclusiveStartKey,
      }),
    );
  const get = () =>
    aws.dynamoDb.send(
      new GetItemCommand({
        TableName: table,
        Key: { pk: { S: `approval#${first}` }, sk: { S: "state" } },
        ConsistentRead: true,
      }),
    );
  const walk = async () => {
    const ids = new Set<string>();
    let pages = 0;
    for (let cursor: string | null | undefined; cursor !== null; pages += 1) {
      const page = await desk.waiting(cursor);
      for (const id of page.ids) ids.add(id);
      cursor = page.cursor;
    }
    if (ids.size !== pending) throw new Error(`the inbox shows ${ids.size} of ${pending} approvals`);
    return pages;
  };
  const walkBare = async () => {
    for (let from: Readonly<Record<string, never>> | undefined, more = true; more; more = from !== undefined)
      from = (await query(from)).LastEvaluatedKey as typeof from;
  };

  for (const shot of [desk.waiting, query, () => desk.show(first), get]) await repeat(() => shot(), 1, 3);
  const pages = await walk();
  const once = await inTurn(
    {
      page: () => timed(() => desk.waiting()),
      query: () => timed(() => query()),
      show: () => timed(() => desk.show(first)),
      get: () => timed(get),
    },
    calls,
  );
  const whole = await inTurn({ all: () => timed(walk), bare: () => timed(walkBare) }, walks);
  const decided = seeded.slice(0, calls);
  const decisions: number[] = [];
  for (const id of decided) decisions.push(await timed(() => desk.approve(id)));

  const { page = [], query: bare = [], show = [], get: got = [] } = once;
  const { all = [], bare: allBare = [] } = whole;
  return [
    metric("inbox: approvals pending", pending, "", null, "higher"),
    metric("inbox: first page, p50", median(page), "ms", 1000),
    metric("inbox: first page, slowest", Math.max(...page), "ms"),
    metric("inbox: first page, the bare query to the emulator, p50", median(bare), "ms"),
    metric("inbox: first page to its bare query, p50", median(page) / median(bare), "times"),
    metric("inbox: pages of the whole", pages, ""),
    metric("inbox: the whole, page after page, p50", median(all), "ms"),
    metric("inbox: the whole, the bare queries to the emulator, p50", median(allBare), "ms"),
    metric("one approval: p50", median(show), "ms"),
    metric("one approval: p95", quantile(show, 0.95), "ms"),
    metric("one approval: the bare read from the emulator, p50", median(got), "ms"),
    metric("decision: p50", median(decisions), "ms"),
    metric("decision: p95", quantile(decisions, 0.95), "ms"),
  ];
}
