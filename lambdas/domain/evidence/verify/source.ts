import { hash } from "node:crypto";
import { gunzipSync } from "node:zlib";

/** A vault, or a folder that holds a copy of one. */
export interface Source {
  /** Every key, in any order. */
  list(): AsyncIterable<string>;
  /** The stored bytes as they are; undefined when there is no such object. */
  read(key: string): Promise<Uint8Array | undefined>;
}

/**
 * Most bytes that an object unpacks to: what a Lambda batch can hold many times over, and no more than a string holds. A small
 * file that unpacks to more is no object of ours.
 */
const LARGEST = 500 * 1024 * 1024;

export const hashOf = (bytes: Uint8Array): string => hash("sha256", bytes, "hex");

/** The bytes under the compression; undefined for half a download, or something else. */
export function unpacked(bytes: Uint8Array): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST });
  } catch {
    return undefined;
  }
}

/** The JSON under the compression; undefined when there is none. */
export function jsonIn(bytes: Uint8Array): unknown {
  const text = unpacked(bytes);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text.toString("utf8"));
  } catch {
    return undefined;
  }
}
