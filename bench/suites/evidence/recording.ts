import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { storedLine } from "../../../lambdas/aws/ledger-item.ts";
import { keepBody } from "../../../lambdas/domain/evidence/body.ts";
import { type Line, lineOf, NO_PREVIOUS } from "../../../lambdas/domain/evidence/line.ts";
import { newIds } from "../../../lambdas/new-ids.ts";
import { timed } from "../../load.ts";
import { median } from "../../measure.ts";
import { type Metric, metric } from "../../report.ts";
import { entryOf, textOf } from "./samples.ts";

const KB = 1024;

/** What the gateway itself spends on a record's making: sealing the original, canonical text, hash, signature; and its packing for the ledger. */
export async function recording(times: number): Promise<Metric[]> {
  const { privateKey } = generateKeyPairSync("ed25519");
  const signed = (hash: string) => sign(null, Buffer.from(hash, "hex"), privateKey).toString("base64url");
  const contentKey = { plain: new Uint8Array(randomBytes(32)), wrapped: randomBytes(184).toString("base64") };
  const newId = newIds();
  const noStore = { put: () => Promise.reject(new Error("the body is small enough for its record")) };

  const make = async (bytes: number, store: (line: Line) => unknown) => {
    const original = textOf(bytes);
    const masked = `${original.slice(0, -20)}[PASSWORD:0123456789]`;
    const finding = { kind: "PASSWORD", pointer: "/name-1", start: 9, length: 16, tag: "0123456789abcdef" };
    return timed(async () => {
      const call = { call: "c", part: "response" };
      const { body, sealed } = await keepBody(
        { original, masked, findings: [finding] },
        call,
        async () => contentKey,
        noStore,
      );
      const added = {
        v: 1,
        id: newId(Date.now()),
        recordedAt: new Date().toISOString(),
        component: "gateway",
        writer: { id: "01KAHZ", seq: 1, previous: NO_PREVIOUS },
      } as const;
      store(lineOf(entryOf(1, body), added, sealed === undefined ? {} : { response: sealed }, signed));
    });
  };
  const p50 = async (bytes: number, store: (line: Line) => unknown = () => undefined) => {
    const runs: number[] = [];
    for (let run = 0; run < times; run += 1) runs.push(await make(bytes, store));
    return median(runs.slice(times / 5));
  };
  const [half, whole, stored] = [await p50(3 * KB), await p50(6 * KB), await p50(6 * KB, storedLine)];
  return [
    metric("a record with 6 KB of bodies: sealed, built, signed, p50", whole, "ms", 0.4),
    metric("the same for 6 KB against 3 KB (2 is linear)", whole / half, "times", 2.5),
    metric("the same for 6 KB, and packed for the ledger, p50", stored, "ms", 0.5),
  ];
}
