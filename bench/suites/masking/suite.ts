import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import { compileMasking, type MaskingRules, maskJson } from "../../../lambdas/domain/masking/index.ts";
import { RULES } from "../../../lambdas/domain/masking/rules/index.ts";
import { median } from "../../measure.ts";
import { type Metric, metric } from "../../report.ts";
import type { Effort, Suite } from "../../suite.ts";
import { cleanText, textWithSecrets } from "./texts.ts";

const MB = 1_000_000;
const tag = () => "0123456789abcdef";

/** Megabytes to measure with, and how often. */
const AMOUNTS: Readonly<Record<Effort, { readonly mb: number; readonly times: number }>> = {
  smoke: { mb: 0.1, times: 1 },
  default: { mb: 2, times: 7 },
  long: { mb: 2, times: 25 },
};

/** Masking with all shipped rules on, one core: how fast, whether time and memory grow in step, and beside secretlint. */
export const maskingSuite: Suite = {
  name: "masking",
  run: async (effort, say) => {
    const { mb, times } = AMOUNTS[effort];
    const rules = compileMasking({ rules: RULES.map(({ kind }) => kind), allow: [], own: [] });
    const clean = cleanText(mb * MB);
    const secrets = textWithSecrets(mb * MB);
    const large = cleanText(mb * 10 * MB);
    say(`${RULES.length} rules, texts of ${mb} MB and ${mb * 10} MB`);
    // The optimizing compiler is done with the code of all rules only after several rounds.
    for (const text of [clean, secrets]) timesOf(text, rules, times);
    const speed = (text: string) => text.length / MB / (median(timesOf(text, rules, times)) / 1000);
    const [ours, oursWithSecrets, oursLarge] = [speed(clean), speed(secrets), speed(large)];
    say("secretlint");
    const theirs = await secretlintSpeed(secrets, times);
    say("memory");
    return [
      metric("clean JSON", ours, "MB/s", 50, "higher"),
      metric("JSON with a secret each kilobyte", oursWithSecrets, "MB/s", 20, "higher"),
      metric(`clean JSON, ${mb * 10} MB`, oursLarge, "MB/s"),
      metric("linear: time for a byte, ten times the text over once", ours / oursLarge, "", 1.5),
      metric("secretlint's recommended preset, the same text with secrets", theirs, "MB/s"),
      metric(
        "JSON.parse alone, the same text: what no reader of JSON can be faster than",
        parseSpeed(secrets, times),
        "MB/s",
      ),
      metric("times as fast as secretlint's preset", oursWithSecrets / theirs, "", 20, "higher"),
      memory(large, rules),
    ];
  },
};

function timesOf(text: string, rules: MaskingRules, times: number): number[] {
  return Array.from({ length: times }, () => {
    const begun = performance.now();
    maskJson(text, rules, tag);
    return performance.now() - begun;
  });
}

function parseSpeed(text: string, times: number): number {
  const taken = Array.from({ length: times }, () => {
    const begun = performance.now();
    JSON.parse(text);
    return performance.now() - begun;
  });
  return text.length / MB / (median(taken) / 1000);
}

async function secretlintSpeed(text: string, times: number): Promise<number> {
  const config = { rules: [{ id: creator.meta.id, rule: creator, rules: [] }] };
  const source = { filePath: "answer.json", content: text, ext: ".json", contentType: "text" as const };
  const taken: number[] = [];
  for (let at = 0; at < Math.min(times, 3); at += 1) {
    const begun = performance.now();
    const { messages } = await lintSource({ source, options: { config } });
    if (messages.length === 0) throw new Error("secretlint found nothing: it did not look");
    taken.push(performance.now() - begun);
  }
  return text.length / MB / (median(taken) / 1000);
}

/** What masking holds beside the text, at its highest as far as the collector shows: over the text's own size. */
function memory(text: string, rules: MaskingRules): Metric {
  const before = process.memoryUsage.rss();
  let most = before;
  for (let time = 0; time < 3; time += 1) {
    maskJson(text, rules, tag);
    most = Math.max(most, process.memoryUsage.rss());
  }
  return metric("memory: resident growth over a large text's own size", (most - before) / text.length, "", 3);
}
