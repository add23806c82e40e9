import { findNodeAtLocation, parseTree } from "jsonc-parser";

/** The source text of a response's `result` or `error`, so that it can stand in another response unchanged. */
export function resultOf(text: string): { readonly kind: "result" | "error"; readonly text: string } | undefined {
  const tree = parseTree(text);
  if (tree === undefined) return undefined;
  for (const kind of ["result", "error"] as const) {
    const node = findNodeAtLocation(tree, [kind]);
    if (node !== undefined) return { kind, text: text.slice(node.offset, node.offset + node.length) };
  }
  return undefined;
}
