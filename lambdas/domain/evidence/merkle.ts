import { hash } from "node:crypto";

/** RFC 6962 section 2.1: an inner node is hashed under this prefix. */
const NODE_PREFIX = Buffer.from([0x01]);

const node = (left: string, right: string): string =>
  hash("sha256", Buffer.concat([NODE_PREFIX, Buffer.from(left, "hex"), Buffer.from(right, "hex")]), "hex");

/** The largest power of two below a number of leaves: where RFC 6962 splits a tree. */
function splitOf(size: number): number {
  let at = 1;
  while (at * 2 < size) at *= 2;
  return at;
}

/** Hex root of the tree over leaf hashes (RFC 6962 section 2.1); the hash of nothing for no leaves. */
export function treeHash(leaves: readonly string[]): string {
  const roots: { readonly height: number; readonly root: string }[] = [];
  for (const leaf of leaves) {
    let top = { height: 0, root: leaf };
    for (let left = roots.at(-1); left?.height === top.height; left = roots.at(-1)) {
      roots.pop();
      top = { height: top.height + 1, root: node(left.root, top.root) };
    }
    roots.push(top);
  }
  const last = roots.pop();
  if (last === undefined) return hash("sha256", "", "hex");
  return roots.reduceRight((right, left) => node(left.root, right), last.root);
}

/** The sibling hashes from a leaf up to the root (RFC 6962 section 2.1.1), nearest first. */
export function auditPath(leaves: readonly string[], index: number): string[] {
  if (index < 0 || index >= leaves.length) throw new RangeError(`the tree has no leaf ${index}`);
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...auditPath(left, index), treeHash(right)]
    : [...auditPath(right, index - split), treeHash(left)];
}

/** The root that a leaf and its path lead to in a tree of a size (RFC 9162 section 2.1.3.2); undefined when the path does not fit. */
export function rootOf(leaf: string, index: number, size: number, path: readonly string[]): string | undefined {
  if (index < 0 || index >= size) return undefined;
  let [at, last, root] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      root = node(sibling, root);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else root = node(root, sibling);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? root : undefined;
}
