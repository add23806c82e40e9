import type { Rule, Span } from "../../rule.ts";
import { body } from "../support/sample.ts";

const DASHES = "-".repeat(5);
const armoured = (label: string, content: string) =>
  `${DASHES}BEGIN ${label}${DASHES}\n${content}\n${DASHES}END ${label}${DASHES}`;
const RSA = armoured(`RSA ${"PRIVATE"} KEY`, "MIIEowIBAAKCAQEA");
const OPEN = `${DASHES}BEGIN ${"PRIVATE"} KEY${DASHES}\nMIIEvQIBADANBgkqhkiG9w0`;
const PGP = armoured(`PGP ${"PRIVATE"} KEY BLOCK`, `\n${body(64)}\n=abcd`);
const SSH2 = `---- BEGIN SSH2 ENCRYPTED ${"PRIVATE"} KEY ----\n${body(60)}\n---- END SSH2 ENCRYPTED ${"PRIVATE"} KEY ----`;
const PUTTY = `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: a\nPublic-Lines: 1\n${body(64)}\nPrivate-Lines: 1\n${body(44)}`;
const BEGIN = /-{0,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/g;
const END = /-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/g;
/** The private lines of a PuTTY key, which follow the public ones. */
const PUTTY_LINES =
  /(?<=Private-Lines: [0-9]{1,4}(?:\r?\n|\\r\\n|\\n))[A-Za-z0-9+/=]{16,64}(?:(?:\r?\n|\\n)[A-Za-z0-9+/=]{1,64}(?![A-Za-z0-9+/=:-]))*/g;
const XML_KEY = /(?<=<RSAKeyValue>[\s\S]{0,2000}<D>)[A-Za-z0-9+/=\s]{40,2000}(?=<\/D>)/g;
const HINT = /PRIVATE KEY|Private-Lines|RSAKeyValue/;

/**
 * Private keys: PEM, OpenSSH, armoured PGP, SSH2, PuTTY and .NET's XML. A block that is cut off is a key as well: it is
 * masked to the end of the text.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7468
 */
export const privateKey: Rule = {
  kind: "PRIVATE_KEY",
  family: "credential",
  signs: ["PRIVATE KEY", "Private-Lines", "RSAKeyValue"],
  examples: [
    { text: RSA, secret: RSA },
    { text: `key:\n${RSA}\nend`, secret: RSA },
    { text: `cut off: ${OPEN}`, secret: OPEN },
    { text: PGP, secret: PGP },
    { text: SSH2, secret: SSH2 },
    { text: `${PUTTY}\nPrivate-MAC: ${body(8)}`, secret: body(44) },
  ],
  counterExamples: [
    `${DASHES}BEGIN CERTIFICATE${DASHES}\nMIIB\n${DASHES}END CERTIFICATE${DASHES}`,
    `${DASHES}BEGIN PUBLIC KEY${DASHES}\nMIIB\n${DASHES}END PUBLIC KEY${DASHES}`,
    "a PRIVATE KEY should stay private",
  ],
  acrossLines: true,
  find: (text) => (HINT.test(text) ? [...blocks(text), ...matches(text, PUTTY_LINES), ...xmlKeys(text)] : []),
};

/** The lookbehind over a whole document is costly: only where there is such a document. */
const xmlKeys = (text: string) => (text.includes("<RSAKeyValue>") ? matches(text, XML_KEY) : []);

function matches(text: string, expression: RegExp): Span[] {
  return [...text.matchAll(expression)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
}

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
