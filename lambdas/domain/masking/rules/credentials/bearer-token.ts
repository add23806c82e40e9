import { isPlaceholder } from "../../placeholder.ts";
import type { Rule } from "../../rule.ts";
import { looksRandom } from "../support/randomness.ts";
import { body } from "../support/sample.ts";
import { valuesAfter } from "../support/values.ts";

const SAMPLE = body(40);
const EXPRESSION =
  /(?<![A-Za-z])(?:[Bb]earer|BEARER)[ \t]{1,4}["']?([A-Za-z0-9._~+/-]{12,}={0,2})|(?:Authorization|authorization|AUTHORIZATION)["'\\]{0,3}[ \t]{0,2}[:=,][ \t]{0,2}["'\\]{0,3}(?:[Tt]oken|ApiKey|[Dd]igest)[ \t]{1,3}(?:token=)?["'\\]{0,3}([A-Za-z0-9._~+/-]{12,}={0,2})/g;
/** `with token …`: in prose only what was drawn at random. */
const TOLD =
  /(?:[Tt]oken|TOKEN|(?:API|api|Api)[ -]?[Kk]ey|apikey|(?:[Mm]y|[Tt]he|[Yy]our) key is:?)[ ]([A-Za-z0-9_-]{20,512})(?![A-Za-z0-9_=-])/g;
/** The end of another word, and tokens that are places rather than keys. */
const OTHER = /(?:[A-Za-z0-9_.-]|(?:page|progress|sync|next|continuation) )(?:token|api[ -]?key) $/i;
const HINT = /bearer|authorization|token|api.?key| key is/i;

/**
 * Tokens after HTTP's Bearer scheme, and after Token and ApiKey in that header, and after the word in prose.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export const bearerToken: Rule = {
  kind: "BEARER_TOKEN",
  family: "credential",
  signs: ["bearer", "authorization", "token ", "api key ", "apikey ", "api-key ", " key is"],
  examples: [
    { text: `Authorization: Bearer ${SAMPLE}`, secret: SAMPLE },
    { text: `the header was "bearer ${SAMPLE}"`, secret: SAMPLE },
    { text: `connecting with token ${SAMPLE}`, secret: SAMPLE },
    { text: `Authorization: Token ${SAMPLE}`, secret: SAMPLE },
  ],
  counterExamples: [
    "Bearer authentication",
    "bearer of the good news",
    "Bearer <access-token>",
    "Bearer your-access-token",
    "unexpected token AbstractSyntaxTreeVisitor",
  ],
  reach: 512,
  find: (text) => {
    if (!HINT.test(text)) return [];
    const headers = valuesAfter(text, EXPRESSION).filter(({ start, end }) => isToken(text.slice(start, end)));
    const known = new Set(headers.map(({ start }) => start));
    const told = valuesAfter(text, TOLD).filter(
      ({ start, end }) =>
        !known.has(start) && !OTHER.test(text.slice(Math.max(0, start - 32), start)) && isDrawn(text.slice(start, end)),
    );
    return [...headers, ...told];
  },
};

const isDrawn = (value: string) => /[0-9]/.test(value) && /[A-Za-z]/.test(value) && looksRandom(value);

const isToken = (value: string) =>
  !isPlaceholder(value) &&
  (looksRandom(value) || (/[0-9]/.test(value) && /[A-Za-z]/.test(value) && value.length >= 16));
