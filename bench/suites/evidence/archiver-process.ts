import { createArchiver } from "../../../lambdas/archiver/archiver.ts";
import { announce } from "../../part.ts";
import { archivedBatch } from "./batch.ts";

/** The archiver, with one batch after the other, in a process of 512 MB that has nothing else to do. */
const archiver = createArchiver(process.env);
const [batches, perBatch] = [Number(process.env.BENCH_BATCHES), Number(process.env.BENCH_RECORDS)];
const events = Array.from({ length: 4 }, (_, at) => archivedBatch(perBatch, at));
for (const event of events) await archiver(event, {} as never);

const begun = performance.now();
const cpu = process.cpuUsage();
for (let at = 0; at < batches; at += 1) await archiver(events[at % events.length] as never, {} as never);
const { user, system } = process.cpuUsage(cpu);
const seconds = (performance.now() - begun) / 1000;
announce({ seconds, cpuSeconds: (user + system) / 1e6, rssMb: process.memoryUsage.rss() / 2 ** 20 });
