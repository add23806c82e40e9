import { type BlobText, base64Like, blobText, bytesOf } from "./blob.ts";
import { mask } from "./compile.ts";
import { NAMELESS } from "./member-names.ts";
import type { Found } from "./merge.ts";
import { replace } from "./replace.ts";
import type { Depths, Scan } from "./scan.ts";
import { scanString } from "./scan-string.ts";

/**
 * Text in base64: what it says is masked, and it is base64 again.
 *
 * @returns undefined where it is no text, or may be something else
 */
export function scanBlob(value: string, scan: Scan, depths: Depths): readonly Found[] | undefined {
  const bytes = bytesOf(value);
  const read = bytes === undefined ? undefined : blobText(bytes, false);
  if (read === undefined) return undefined;
  const found = scanText(value, read, scan, depths);
  return found.length === 0 && !read.isSure ? undefined : found;
}

/** The same of what does not look like text, where a media type says that it is. */
export function scanTold(value: string, scan: Scan, depths: Depths): readonly Found[] {
  const bytes = bytesOf(value);
  if (bytes === undefined || blobText(bytes, false) !== undefined) return [];
  const read = blobText(bytes, true);
  return read === undefined ? [] : scanText(value, read, scan, depths);
}

function scanText(value: string, { text, bytesOf: encoded }: BlobText, scan: Scan, depths: Depths): readonly Found[] {
  // In an environment, zeros part what lines do elsewhere.
  const within = scanString(text.replaceAll("\0", "\n"), NAMELESS, scan, { ...depths, depth: depths.depth + 1 });
  const [first] = within;
  if (first === undefined) return [];
  const replacement = base64Like(value, encoded(replace(text, within)));
  return [{ ...first, start: 0, end: value.length, replacement, within }];
}

/** Finds in what is base64 and cannot be encoded again: clients want base64 there, so all of it becomes that of a mask. */
export function asBase64(value: string, found: readonly Found[]): readonly Found[] {
  const [first] = found;
  if (first === undefined || bytesOf(value) === undefined) return found;
  if (found.length === 1 && bytesOf(first.replacement) !== undefined && first.end - first.start === value.length)
    return found;
  const replacement = base64Like("", Buffer.from(mask(first.kind)));
  return [{ ...first, start: 0, end: value.length, replacement, within: found }];
}
