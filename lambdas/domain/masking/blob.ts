import { isUtf8 } from "node:buffer";
import { isControl } from "./base64-text.ts";

const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
const SPACE = /[ \t\r\n]+/g;
/** Of bytes that are text in the main, at most one in so many is a control character, or 0 where strings end. */
const FEWEST_PER_CONTROL = 32;
const FEWEST_PER_ZERO = 4;
/** How much of a text tells whether it is UTF-16. */
const SAMPLE = 1024;

/** A text in bytes, and the way back: what is not changed of it becomes the same bytes again. */
export interface BlobText {
  readonly text: string;
  readonly bytesOf: (text: string) => Buffer;
  /** Whether it is text without doubt: else its base64 may be something else altogether. */
  readonly isSure: boolean;
}

/** The bytes of base64 in either alphabet, in lines or not; undefined where it is none. */
export function bytesOf(value: string): Buffer | undefined {
  const letters = value.replace(SPACE, "");
  return BASE64.test(letters) && letters.replace(/=+$/, "").length % 4 !== 1
    ? Buffer.from(letters, "base64")
    : undefined;
}

/** Base64 in the alphabet of another. */
export const base64Like = (value: string, bytes: Buffer): string =>
  bytes.toString(/[-_]/.test(value) ? "base64url" : "base64");

/**
 * Reads bytes as text: of UTF-8, of UTF-16 in either order, else byte by byte, by which no byte is lost.
 *
 * @param isTold whether a media type says that it is text; else bytes that hold too much else are none
 */
export function blobText(bytes: Buffer, isTold: boolean): BlobText | undefined {
  const wide = wideOrder(bytes);
  if (wide !== undefined) return wideText(bytes, wide);
  const { controls, zeros } = countOf(bytes);
  const isMostlyText = controls * FEWEST_PER_CONTROL <= bytes.length && zeros * FEWEST_PER_ZERO <= bytes.length;
  if (!isTold && !isMostlyText) return undefined;
  const encoding = isUtf8(bytes) ? "utf8" : "latin1";
  return {
    text: bytes.toString(encoding),
    bytesOf: (text) => Buffer.from(text, encoding),
    isSure: encoding === "utf8" && controls + zeros === 0,
  };
}

type Order = "little" | "big";

/** By its mark, or by the zeros that Latin letters have in it. */
function wideOrder(bytes: Buffer): Order | undefined {
  if (bytes.length < 4) return undefined;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "little";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "big";
  const zeros = [0, 0];
  const seen = Math.min(bytes.length, SAMPLE);
  for (let at = 0; at < seen; at += 1) if (bytes[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const [many, few] = [seen / 4, seen / 32];
  return odd >= many && even <= few ? "little" : even >= many && odd <= few ? "big" : undefined;
}

function wideText(bytes: Buffer, order: Order): BlobText {
  const whole = bytes.length - (bytes.length % 2);
  const turned = (wide: Buffer) => (order === "big" ? wide.swap16() : wide);
  return {
    text: turned(Buffer.from(bytes.subarray(0, whole))).toString("utf16le"),
    // A byte too many stays.
    bytesOf: (text) => Buffer.concat([turned(Buffer.from(text, "utf16le")), bytes.subarray(whole)]),
    isSure: true,
  };
}

function countOf(bytes: Buffer) {
  let [controls, zeros] = [0, 0];
  for (const byte of bytes)
    if (byte === 0) zeros += 1;
    else if (isControl(byte)) controls += 1;
  return { controls, zeros };
}

/** Whether a media type is one of text: `text/plain`, `application/json`, `image/svg+xml; charset=utf-16`. */
export const isTextType = (type: string): boolean =>
  /^text\/|[/+.-](?:json|xml|yaml|toml|csv|javascript|ecmascript|typescript|graphql|sql|sh|shellscript|x-sh|html|pem-file|ndjson|jsonl|x-www-form-urlencoded)\b|charset=/i.test(
    type,
  );
