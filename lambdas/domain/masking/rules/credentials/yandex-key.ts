import { looksRandom } from "../support/randomness.ts";
import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of Yandex Cloud: API, IAM, access and OAuth.
 *
 * @see https://yandex.cloud/en/docs/iam/concepts/authorization/
 */
export const yandexKey = tokenRule({
  kind: "YANDEX_KEY",
  signs: ["AQVN", "t1.", "YCA", "y0_"],
  expression:
    /(?<![A-Za-z0-9])(?:AQVN[A-Za-z0-9_-]{35,38}|t1\.[A-Z0-9a-z_-]{50,}={0,2}\.[A-Z0-9a-z_-]{86}={0,2}|YC[A-Za-z0-9_-]{38}(?![A-Za-z0-9_-])|y[0-3]_[A-Za-z0-9_-]{50,60})/g,
  isToken: (value) => looksRandom(value),
  examples: [`AQVN${body(36)}`, `y0_${body(55)}`],
  counterExamples: ["t1.x", "YCA"],
});
