import { ENV } from "../../../lambdas/environment.ts";
import { startPart } from "../../part.ts";
import { type Metric, metric } from "../../report.ts";

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssMb: number;
}

/** Records of a batch: what the event source mapping hands over at most. */
const BATCH = 500;

/** Records a second that one archiver takes from the stream to both vaults and the manifest, and what that needs. */
export async function archiving(batches: number): Promise<Metric[]> {
  const stores = await startPart<{ readonly url: string }>(new URL("stores-process.ts", import.meta.url));
  const run = async (count: number): Promise<Run> => {
    const part = await startPart<Run>(new URL("archiver-process.ts", import.meta.url), {
      environment: {
        AWS_ENDPOINT_URL: stores.ready.url,
        [ENV.ledgerTable]: "ledger",
        [ENV.maskedVault]: "masked",
        [ENV.sealedVault]: "sealed",
        BENCH_BATCHES: String(count),
        BENCH_RECORDS: String(BATCH),
      },
      // As Lambda sets them for 512 MB.
      node: ["--max-old-space-size=460", "--max-semi-space-size=25"],
    });
    await part.stop();
    return part.ready;
  };
  try {
    const [half, whole] = [await run(batches / 2), await run(batches)];
    return [
      metric("archiver: records a second, 2 KB each", (batches * BATCH) / whole.seconds, "1/s", 5000, "higher"),
      metric("archiver: records a second of CPU", (batches * BATCH) / whole.cpuSeconds, "1/s"),
      metric("archiver: resident at the end", whole.rssMb, "MiB", 512),
      metric("archiver: twice the records against once (2 is linear)", whole.seconds / half.seconds, "times", 2.6),
    ];
  } finally {
    await stores.stop();
  }
}
