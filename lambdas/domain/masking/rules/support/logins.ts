import { isPlaceholder } from "../../placeholder.ts";
import { type Span, spansOf } from "../../rule.ts";
import { looksRandom } from "./randomness.ts";

const IN_URL =
  /:\/\/[^\s:/?#@"'<>]{0,64}:[^\s/?#@"'<>]{1,256}@|:\/\/[^\s:/?#@"'<>]{0,64}:[^\s"'<>@]{1,128}@(?=[A-Za-z0-9.-]{1,128}[:/])/g;
/** Go's connections: `user:…@tcp(host)/db`; the network may be left out. What stands before it is read backwards. */
const GO_NETWORK = /@(?:(?:tcp[46]?|unix|udp|cloudsql(?:-mysql)?|mysql\+tcp)\(|\/(?=[\w-]{1,64}(?:\?|["'\s]|$)))/g;
const GO_LOGIN = /(?:^|["'\s=`,(>])[\w.%-]{1,64}:([^\s"'`]{1,128})$/;
const LONGEST_LOGIN = 200;
/** A token instead of a name and a password: `https://…@host`. Of Sentry's addresses it is the public key. */
const ALONE_IN_URL =
  /(?<=:\/\/)[A-Za-z0-9_.~%+-]{20,512}(?=@(?!o[0-9]{1,12}\.ingest|sentry\.|[\w.-]{0,64}\.sentry\.)[A-Za-z0-9])/g;

/** Passwords and tokens in front of a host: between `:` and `@` of a URL, or alone there, or in a connection of Go's. */
export const loginsIn = (text: string): Span[] =>
  text.includes("@")
    ? [...(text.includes("://") ? [...inUrls(text), ...tokensInUrls(text)] : []), ...goLogins(text)]
    : [];

function goLogins(text: string): Span[] {
  return [...text.matchAll(GO_NETWORK)].flatMap(({ 0: network, index }) => {
    // A cut before it must not pass for the beginning of the text.
    const from = Math.max(0, index - LONGEST_LOGIN);
    const login = `${from === 0 ? "" : "x"}${text.slice(from, index)}`;
    const value = GO_LOGIN.exec(login)?.[1];
    if (value === undefined || isPlaceholder(value) || (network === "@/" && /[@:/]/.test(value))) return [];
    return [{ start: index - value.length, end: index }];
  });
}

const tokensInUrls = (text: string): Span[] =>
  spansOf(text, ALONE_IN_URL).filter(({ start, end }) => looksRandom(text.slice(start, end)));

function inUrls(text: string): Span[] {
  return spansOf(text, IN_URL)
    .map(({ start, end }) => ({ start: text.indexOf(":", start + 3) + 1, end: end - 1 }))
    .filter(
      ({ start, end }) =>
        !isPlaceholder(text.slice(start, end)) &&
        !/^(?:password|passwd|pass|pwd|token|secret)$/i.test(text.slice(start, end)),
    );
}
