import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPart } from "../../part.ts";
import { type Metric, metric } from "../../report.ts";
import { folderOf } from "./folder-of.ts";

interface Run {
  readonly ok: boolean;
  readonly seconds: number;
  readonly megabytes: number;
  readonly records: number;
  readonly rssMb: number;
}

/** Megabytes of lines a second that verifying takes, and whether its memory stays the same with ten times the records. */
export async function verifying(records: number, say: (text: string) => void): Promise<Metric[]> {
  const run = async (count: number): Promise<Run> => {
    const folder = mkdtempSync(join(tmpdir(), "countersign-verify-"));
    try {
      const key = await folderOf(folder, count);
      say(`verifying ${count} records`);
      const part = await startPart<Run>(new URL("verify-process.ts", import.meta.url), {
        environment: { BENCH_FOLDER: folder, BENCH_KEY: key },
        node: ["--max-semi-space-size=16"],
      });
      await part.stop();
      if (!part.ready.ok) throw new Error("verifying found something in an archive that nobody touched");
      return part.ready;
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const [few, many] = [await run(records / 10), await run(records)];
  const times = many.seconds / few.seconds;
  return [
    metric(`verify: lines of ${many.records} records`, many.megabytes / many.seconds, "MB/s", 60, "higher"),
    metric("verify: ten times the records against once (10 is linear)", times, "times", 13),
    metric("verify: largest resident", many.rssMb, "MiB", 400),
    metric("verify: resident with ten times the records, more", many.rssMb - few.rssMb, "MiB", 100),
  ];
}
