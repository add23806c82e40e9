import { announce } from "../../part.ts";

/** Loads the bundle in a process that has loaded nothing of it, and checks one token: what a cold environment does. */
const event = JSON.parse(process.env.BENCH_EVENT ?? "");

const begun = performance.now();
const { handler } = await import(process.env.BENCH_HANDLER ?? "");
const loaded = performance.now();
const { principalId } = await handler(event, {});
const answered = performance.now();

announce({ loadMs: loaded - begun, checkMs: answered - loaded, principalId });
