import type { Rule, Span } from "../rule.ts";

const DASHES = "-".repeat(5);
const BLOCK = `${DASHES}BEGIN RSA ${"PRIVATE"} KEY${DASHES}\nMIIEowIBAAKCAQEA\n${DASHES}END RSA ${"PRIVATE"} KEY${DASHES}`;
const OPEN = `${DASHES}BEGIN ${"PRIVATE"} KEY${DASHES}\nMIIEvQIBADANBgkqhkiG9w0`;
const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;

/** PEM and armoured PGP private keys. A block that is cut off is a key as well: it is masked to the end of the text. */
export const privateKey: Rule = {
  kind: "PRIVATE_KEY",
  examples: [
    { text: BLOCK, secret: BLOCK },
    { text: `key:\n${BLOCK}\nend`, secret: BLOCK },
    { text: `cut off: ${OPEN}`, secret: OPEN },
  ],
  counterExamples: [
    `${DASHES}BEGIN CERTIFICATE${DASHES}\nMIIB\n${DASHES}END CERTIFICATE${DASHES}`,
    `${DASHES}BEGIN PUBLIC KEY${DASHES}\nMIIB\n${DASHES}END PUBLIC KEY${DASHES}`,
    "a PRIVATE KEY should stay private",
  ],
  mayOccurIn: (source) => source.includes("PRIVATE KEY"),
  find: (text) => (text.includes("PRIVATE KEY") ? blocks(text) : []),
};

function blocks(text: string): Span[] {
  const spans: Span[] = [];
  BEGIN.lastIndex = 0;
  for (let begin = BEGIN.exec(text); begin; begin = BEGIN.exec(text)) {
    END.lastIndex = BEGIN.lastIndex;
    const end = END.exec(text) ? END.lastIndex : text.length;
    spans.push({ start: begin.index, end });
    BEGIN.lastIndex = end;
  }
  return spans;
}
