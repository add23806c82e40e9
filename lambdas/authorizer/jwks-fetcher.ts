/** Milliseconds until an issuer that does not answer counts as down. */
const TIMEOUT = 3000;
/** Bytes of a key set; the largest of real ones has some ten kilobytes. */
const LARGEST = 262_144;

/**
 * Gets the bytes of a key set. The library's own fetcher speaks https only, and the local provider is on loopback over
 * http. A redirect is an error: it would let whoever answers choose where keys come from.
 */
export async function fetchKeySet(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT) });
  if (!response.ok) throw new Error(`the key set answered HTTP ${response.status}`);
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body ?? []) {
    size += piece.byteLength;
    if (size > LARGEST) throw new Error("the key set is too large");
    pieces.push(piece);
  }
  return new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer();
}
