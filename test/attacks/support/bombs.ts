import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { JSON_TYPE, STREAM_TYPE } from "../../support/scripted-server.ts";

/** An answer of a few kilobytes that would be a gigabyte. */
export interface Bomb {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

const BLANKS = Buffer.alloc(16 * 1024 * 1024, " ");
const GIGABYTE = 64;
const many = (bytes: Buffer) => Buffer.concat(Array<Buffer>(GIGABYTE).fill(bytes));
/** Members one after another are one text for gzip and zstd; brotli packs sixteen megabytes of blanks into some bytes. */
const GZIP = many(gzipSync(BLANKS));
const ZSTD = many(zstdCompressSync(BLANKS));
const BROTLI = brotliCompressSync(BLANKS);

/** Answers of a hostile server. */
export const BOMBS: readonly Bomb[] = [
  { name: "gzip-json", headers: { ...JSON_TYPE, "content-encoding": "gzip" }, bytes: GZIP },
  { name: "gzip-stream", headers: { ...STREAM_TYPE, "content-encoding": "gzip" }, bytes: GZIP },
  { name: "brotli-json", headers: { ...JSON_TYPE, "content-encoding": "br" }, bytes: BROTLI },
  { name: "zstd-json", headers: { ...JSON_TYPE, "content-encoding": "zstd" }, bytes: ZSTD },
  { name: "twice-json", headers: { ...JSON_TYPE, "content-encoding": "gzip, gzip" }, bytes: gzipSync(GZIP) },
  { name: "unsaid-json", headers: JSON_TYPE, bytes: gzipSync(GZIP) },
];
