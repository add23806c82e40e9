import * as z from "zod";

/** The part of JSON Schema that is walked here. */
interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  /** Of what a map holds, whatever its keys; false where there is no more. */
  readonly additionalProperties?: Node | false;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly const?: unknown;
}

/**
 * The keys that a schema knows at a path; of alternatives, the keys of all that are of the kind that was found.
 *
 * @param found what stands at the path
 */
export function allowedKeys(schema: z.ZodType, path: readonly PropertyKey[], found: unknown): string[] {
  const root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Node;
  const at = path.reduce<Node[]>(
    (nodes, key) =>
      alternatives(nodes).flatMap(
        (node) =>
          (typeof key === "number" ? node.items : (node.properties?.[String(key)] ?? node.additionalProperties)) || [],
      ),
    [root],
  );
  const known = alternatives(at).filter((node) => isOfKind(node, found));
  return [...new Set(known.flatMap((node) => Object.keys(node.properties ?? {})))];
}

/** Whether nothing that an alternative fixes, such as `kind`, is another here. */
const isOfKind = ({ properties = {} }: Node, found: unknown): boolean =>
  Object.entries(properties).every(
    ([key, { const: fixed }]) => fixed === undefined || fixed === (found as Record<string, unknown>)?.[key],
  );

const alternatives = (nodes: readonly Node[]): Node[] =>
  nodes.flatMap((node) => {
    const inner = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
    return inner.length === 0 ? [node] : alternatives(inner);
  });
