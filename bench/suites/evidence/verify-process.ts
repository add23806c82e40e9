import { createPublicKey } from "node:crypto";
import { folderSource } from "../../../bin/folder.ts";
import { verifyEvidence } from "../../../lambdas/domain/evidence/verify/verify.ts";
import { announce } from "../../part.ts";

/** Verifies a folder in a process of its own, and watches its memory. */
let largest = 0;
const begun = performance.now();
const { ok, covers } = await verifyEvidence({
  masked: folderSource(process.env.BENCH_FOLDER ?? ""),
  sealed: null,
  keys: [createPublicKey(process.env.BENCH_KEY ?? "")],
  from: null,
  until: null,
  progress: () => {
    largest = Math.max(largest, process.memoryUsage.rss());
  },
});
const seconds = (performance.now() - begun) / 1000;
largest = Math.max(largest, process.memoryUsage.rss());
announce({ ok, seconds, megabytes: covers.bytes / 1e6, records: covers.records, rssMb: largest / 2 ** 20 });
