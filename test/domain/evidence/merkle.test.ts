import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leafHash } from "../../../lambdas/domain/evidence/line.ts";
import { auditPath, rootOf, treeHash } from "../../../lambdas/domain/evidence/merkle.ts";

/** The leaves that the transparency logs' own implementations test with, and the roots of the first so many. */
const LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"].map(
  (hex) => leafHash(Buffer.from(hex, "hex")),
);
const ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

describe("a Merkle tree", () => {
  test("gives the roots of RFC 6962's test vectors", () => {
    expect(ROOTS.map((_, at) => treeHash(LEAVES.slice(0, at + 1)))).toEqual(ROOTS);
    expect(treeHash([])).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  test("leads from every leaf of every size to its root, and from no other place or leaf", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (size, one, two) => {
        const leaves = Array.from({ length: size }, (_, at) => leafHash(String(at)));
        const [index, other] = [one % size, two % size];
        const path = auditPath(leaves, index);
        const leaf = leaves[index] ?? "";
        expect(rootOf(leaf, index, size, path)).toBe(treeHash(leaves));
        if (other !== index) {
          expect(rootOf(leaf, other, size, path)).not.toBe(treeHash(leaves));
          expect(rootOf(leaves[other] ?? "", index, size, path)).not.toBe(treeHash(leaves));
        }
        expect(rootOf(leaf, index, size, [...path, leaf])).not.toBe(treeHash(leaves));
        if (path.length > 0) expect(rootOf(leaf, index, size, path.slice(1))).not.toBe(treeHash(leaves));
      }),
    );
  });

  test("knows no leaf beyond its size", () => {
    expect(() => auditPath(LEAVES, 8)).toThrow(RangeError);
    expect(rootOf(LEAVES[0] ?? "", 8, 8, [])).toBeUndefined();
  });
});
