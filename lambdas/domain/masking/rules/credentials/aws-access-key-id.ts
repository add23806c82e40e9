import { type Rule, spansOf } from "../../rule.ts";

const SAMPLE = `${"AK"}IA${"IOSFODNN7EXAMPLE"}`;
const EXPRESSION = /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}(?![A-Za-z0-9])/g;
const PREFIX = /(?:A(?:KIA|SIA|BIA|CCA)|A3T[A-Z0-9])[A-Z0-9]/;

/** Access key ids of AWS users (AKIA), sessions (ASIA), service bearer tokens (ABIA) and context (ACCA). */
export const awsAccessKeyId: Rule = {
  kind: "AWS_ACCESS_KEY_ID",
  family: "credential",
  signs: ["AKIA", "ASIA", "ABIA", "ACCA", "A3T"],
  examples: [
    { text: SAMPLE, secret: SAMPLE },
    { text: `export AWS_KEY="${SAMPLE}"`, secret: SAMPLE },
    { text: `temporary ${SAMPLE.replace("AK", "AS")}, one hour`, secret: SAMPLE.replace("AK", "AS") },
  ],
  counterExamples: [`${"AK"}IASHORT`, `x${SAMPLE}`, `${SAMPLE}A`, "AKIA is a prefix", "AROAIOSFODNN7EXAMPLE"],
  find: (text) => (PREFIX.test(text) ? spansOf(text, EXPRESSION) : []),
};
