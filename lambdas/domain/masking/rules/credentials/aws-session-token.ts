import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Session tokens of AWS STS; their first bytes, and so the first letters, are always the same few.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html
 */
export const awsSessionToken = tokenRule({
  kind: "AWS_SESSION_TOKEN",
  signs: ["IQoJb3JpZ2lu", "FwoGZXIvYXdz", "FQoGZXIvYXdz", "FQoDYXdz"],
  expression: /(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz|FQoDYXdz)[A-Za-z0-9+/=_%-]{60,}/g,

  examples: [`IQoJb3JpZ2lu${body(300)}==`],
  counterExamples: ["IQoJb3JpZ2lu"],
});
