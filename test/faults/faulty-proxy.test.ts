import { createServer } from "node:http";
import { afterEach, expect, test } from "vitest";
import { seededRandom } from "../../bench/measure.ts";
import { closeServer, listen } from "../../local/port.ts";
import { weather } from "./support/fates.ts";
import { type FaultyProxy, startFaultyProxy } from "./support/faulty-proxy.ts";

let proxy: FaultyProxy | undefined;
const took: string[] = [];
const target = createServer((request, response) => {
  took.push(`${request.method} ${request.url}`);
  response.end();
});
afterEach(async () => {
  await proxy?.stop();
  await closeServer(target);
});

test("what comes late to S3 takes effect after who asked has given up, and once", async () => {
  proxy = await startFaultyProxy(`http://127.0.0.1:${await listen(target)}`, () => "late");
  await expect(fetch(`${proxy.url}/masked/a`, { method: "PUT", body: "text" })).rejects.toThrow();
  expect(took).toEqual([]);
  await proxy.quiet();
  expect(took).toEqual(["PUT /masked/a"]);
});

test("a storm spares S3 silence alone: its clients bear it for ten seconds", () => {
  const storm = weather({ random: seededRandom(1), share: 0.5, longest: 2, lifetime: 1e9, patienceTried: 0.5 });
  const faultsOf = (operation: string) => {
    const fate = storm();
    return new Set(Array.from({ length: 500 }, (_, at) => fate({ operation, number: at + 1 })));
  };
  const quick = ["lost", "unanswered", "throttled", "failed", "slow", undefined];
  expect(faultsOf("PUT /masked/a")).toEqual(new Set([...quick, "late"]));
  expect(faultsOf("PutItem")).toEqual(new Set([...quick, "late", "silent"]));
});
