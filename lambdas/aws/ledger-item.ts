import { deflateRawSync, inflateRawSync } from "node:zlib";
import { CountersignError } from "../domain/error.ts";
import type { Line } from "../domain/evidence/line.ts";
import type { Sealed } from "../domain/evidence/record.ts";
import { DICTIONARY } from "./ledger-dictionary.ts";

/** A text as DynamoDB keeps it: as it is, or packed. Bytes are base64 on the wire and in a stream's events, an array in the SDK's hands. */
interface StoredText {
  readonly S?: string | undefined;
  readonly B?: string | Uint8Array | undefined;
}

/** The texts of an item of the ledger. */
interface StoredLine {
  readonly line?: StoredText | undefined;
  readonly sealedRequest?: StoredText | undefined;
  readonly sealedResponse?: StoredText | undefined;
}

/** First byte of what is packed: how. A form that was ever written stays here for as long as items live. */
const FORM = {
  /** Raw DEFLATE (RFC 1951) with the dictionary beside this file. */
  deflated: 1,
  /** The parts of a compact JWE (RFC 7516 section 7.1), each behind its length in four bytes. */
  joined: 2,
} as const;
/** Bytes that say how long a part is. */
const LENGTH = 4;
/** Most bytes of a text, before it is packed and after it is unpacked: what an item can hold as it is. */
const LARGEST = 400 * 1024;
const dictionary = Buffer.from(DICTIONARY);
/** The caller waits for it: a third of the default level's time, for 8 % more bytes. */
const OPTIONS = { level: 1, memLevel: 7, dictionary } as const;

/**
 * The texts of a line as an item's attributes, packed: items are billed by the KB (docs/decisions/0018).
 *
 * @throws CountersignError `evidence_unavailable` for a text that is too long to be read again
 */
export function storedLine({ text, sealed }: Pick<Line, "text" | "sealed">) {
  return {
    line: deflated(text),
    ...(sealed.request === undefined ? {} : { sealedRequest: joined(sealed.request) }),
    ...(sealed.response === undefined ? {} : { sealedResponse: joined(sealed.response) }),
  };
}

/**
 * The text of an item's record, as it was hashed; undefined for an item that is no record.
 *
 * @throws Error when it is packed in a form that is not known, or unpacks to more than is ever written
 */
export const textOf = (item: StoredLine | undefined): string | undefined => unpacked(item?.line);

/** What is sealed beside a record. @throws Error as `textOf` does */
export function sealedOf(item: StoredLine): Sealed {
  const [request, response] = [unpacked(item.sealedRequest), unpacked(item.sealedResponse)];
  return { ...(request === undefined ? {} : { request }), ...(response === undefined ? {} : { response }) };
}

function deflated(text: string): { readonly B: string } {
  if (Buffer.byteLength(text) > LARGEST)
    throw new CountersignError("evidence_unavailable", "a record is too large for the ledger");
  return { B: Buffer.concat([Buffer.of(FORM.deflated), deflateRawSync(text, OPTIONS)]).toString("base64") };
}

/** What is sealed looks random: nothing packs it but taking back its base64. */
function joined(jwe: string): { readonly S: string } | { readonly B: string } {
  const parts = jwe.split(".");
  const bytes = Buffer.allocUnsafe(1 + parts.length * LENGTH + jwe.length);
  let end = bytes.writeUInt8(FORM.joined);
  for (const part of parts) {
    const begin = end + LENGTH;
    const length = bytes.write(part, begin, "base64url");
    bytes.writeUInt32BE(length, end);
    end = begin + length;
    // Its hash is in the record: what would not come back as it was stays as it is.
    if (bytes.toString("base64url", begin, end) !== part) return { S: jwe };
  }
  return { B: bytes.toString("base64", 0, end) };
}

function unpacked({ S, B }: StoredText = {}): string | undefined {
  if (B === undefined) return S;
  const bytes = typeof B === "string" ? Buffer.from(B, "base64") : Buffer.from(B.buffer, B.byteOffset, B.byteLength);
  const packed = bytes.subarray(1);
  switch (bytes[0]) {
    case FORM.deflated:
      return inflateRawSync(packed, { dictionary, maxOutputLength: LARGEST }).toString();
    case FORM.joined:
      return partsOf(packed)
        .map((part) => part.toString("base64url"))
        .join(".");
    default:
      throw new Error(`the ledger holds a text in a form that is not known: ${bytes[0]}`);
  }
}

function partsOf(packed: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < packed.length; ) {
    const [begin, end] = [at + LENGTH, at + LENGTH + packed.readUInt32BE(at)];
    if (end > packed.length) throw new Error("a sealed original of the ledger is cut");
    parts.push(packed.subarray(begin, end));
    at = end;
  }
  return parts;
}
