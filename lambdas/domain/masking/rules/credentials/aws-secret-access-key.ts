import { type Rule, type Span, spansOf } from "../../rule.ts";

const SAMPLE = ["wJalrXUtnFEMI", "K7MDENG", "bPxRfiCYEXAMPLEKEY"].join("/");
const KEY_ID = `${"AK"}IA${"IOSFODNN7EXAMPLE"}`;

const CANDIDATE = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/g;
const NAME_BEFORE =
  /(?:secret[ _.-]?(?:access)?[ _.-]?key|aws[ _.-]?secret)["'\\]{0,4}\s{0,8}(?:=>|:=|[:=,]|[ \t])\s{0,8}["'\\>]{0,4}$/i;
const ACCESS_KEY_ID = /(?<![A-Za-z0-9])A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])/;
const FIELD = /(?:secret[ _.-]?access[ _.-]?key|aws[ _.-]?secret(?:[ _.-]?key)?)$/i;
const HINT = /secret|akia|asia/i;
/** How far from an access key id its secret stands in the files people keep: the next line, or the same table row. */
const NEAR = 200;

/** 40 characters of base64 say nothing by themselves (a git hash has 40 too): a name before them or a key id near them does. */
export const awsSecretAccessKey: Rule = {
  kind: "AWS_SECRET_ACCESS_KEY",
  family: "credential",
  signs: ["secret", "akia", "asia"],
  examples: [
    { text: `aws_secret_access_key = ${SAMPLE}`, secret: SAMPLE },
    { text: `{"SecretAccessKey": "${SAMPLE}"}`, secret: SAMPLE },
    { text: `${KEY_ID},${SAMPLE}`, secret: SAMPLE },
  ],
  counterExamples: [
    SAMPLE,
    `commit ${"0123456789abcdef0123456789abcdef01234567"}`,
    `${KEY_ID} ${"0123456789abcdef0123456789abcdef01234567"}`,
  ],
  reach: 640,
  acrossLines: true,
  find: (text) =>
    text.length >= 40 && HINT.test(text) ? spansOf(text, CANDIDATE).filter((span) => isSecret(text, span)) : [],
  field: (name) => FIELD.test(name),
};

function isSecret(text: string, { start, end }: Span): boolean {
  const value = text.slice(start, end);
  if (!/[A-Z]/.test(value) || !/[a-z]/.test(value) || !/[0-9+/]/.test(value)) return false;
  return (
    NAME_BEFORE.test(text.slice(Math.max(0, start - 64), start)) ||
    ACCESS_KEY_ID.test(text.slice(Math.max(0, start - NEAR), end + NEAR))
  );
}
