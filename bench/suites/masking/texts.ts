import { RULES } from "../../../lambdas/domain/masking/rules/index.ts";
import { seededRandom } from "../../measure.ts";

const WORDS =
  "the deployment finished after several retries because one replica in this region was slow to start and its health check timed out before the build pipeline reported success so the commit message was updated with a short description of what happened and how long users waited".split(
    " ",
  );

/** Records as servers answer them: ids, times, flags, numbers, prose. No secret in it. */
export const cleanText = (bytes: number): string => listOf(bytes, (record) => record);

/** The same with an example of a shipped rule in every kilobyte. */
export function textWithSecrets(bytes: number): string {
  const examples = RULES.flatMap((rule) => rule.examples.map(({ text }) => text));
  let written = 0;
  let next = 0;
  return listOf(bytes, (record) => {
    written += JSON.stringify(record).length;
    if (written < 1000) return record;
    written -= 1000;
    next += 1;
    return { ...record, log: examples[next % examples.length] };
  });
}

function listOf(bytes: number, change: (record: object) => object): string {
  const random = seededRandom(5);
  const word = () => WORDS[Math.floor(random() * WORDS.length)] ?? "";
  const words = (count: number) => Array.from({ length: count }, word).join(" ");
  const hex = (length: number) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join("");
  const parts: string[] = [];
  let length = 0;
  for (let at = 0; length < bytes; at += 1) {
    const record = {
      id: 1000 + at,
      uuid: `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
      title: words(5),
      createdAt: new Date(1.7e12 + at * 60_000).toISOString(),
      open: random() > 0.5,
      ratio: Math.round(random() * 1000) / 1000,
      labels: [word(), word()],
      text: words(60),
    };
    const text = JSON.stringify(change(record));
    parts.push(text);
    length += text.length + 1;
  }
  return `[${parts.join(",")}]`;
}
