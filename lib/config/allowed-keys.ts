import * as z from "zod";

/** The part of JSON Schema that is walked here. */
interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
}

/** The keys that a schema knows at a path; of alternatives, the keys of all. */
export function allowedKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Node;
  const at = path.reduce<Node[]>(
    (nodes, key) =>
      alternatives(nodes).flatMap(
        (node) => (typeof key === "number" ? node.items : node.properties?.[String(key)]) ?? [],
      ),
    [root],
  );
  return [...new Set(alternatives(at).flatMap((node) => Object.keys(node.properties ?? {})))];
}

const alternatives = (nodes: readonly Node[]): Node[] =>
  nodes.flatMap((node) => {
    const inner = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
    return inner.length === 0 ? [node] : alternatives(inner);
  });
