import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

const SIGNATURE = body(64, HEX);

/**
 * Signatures of presigned URLs of AWS and Google Cloud: whoever has the URL has the access while it lasts.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export const presignedUrl = tokenRule({
  kind: "PRESIGNED_URL_SIGNATURE",
  signs: ["-Signature="],
  expression: /(?<=X-(?:Amz|Goog)-Signature=)[0-9a-fA-F]{64,512}/g,
  examples: [
    { text: `https://b.s3.amazonaws.com/k?X-Amz-Expires=900&X-Amz-Signature=${SIGNATURE}`, secret: SIGNATURE },
  ],
  counterExamples: ["X-Amz-Signature=<signature>"],
});
