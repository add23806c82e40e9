import type { SchemaJson } from "@cedar-policy/cedar-wasm/nodejs";
import type { FactsAsked } from "./facts-asked.ts";

/** The types that a question is of. */
export interface QuestionTypes {
  readonly action: string;
  readonly principal: string;
  readonly resource: string;
}

type Definition = Readonly<Record<string, unknown>>;

/**
 * The schema of questions of one kind, without the facts that no policy asks for: Cedar checks every fact of every
 * question against the whole schema, which takes longer than the decision. What is asked, and of what, is checked as ever.
 */
export function slimSchema(full: SchemaJson<string>, types: QuestionTypes, asked: FactsAsked): SchemaJson<string> {
  const schema = structuredClone(full);
  for (const namespace of Object.values(schema)) {
    const { commonTypes = {}, entityTypes, actions } = namespace;
    const appliesTo = actions[types.action]?.appliesTo;
    if (appliesTo?.principalTypes.includes(types.principal) && appliesTo.resourceTypes.includes(types.resource)) {
      appliesTo.principalTypes = [types.principal];
      appliesTo.resourceTypes = [types.resource];
    }
    if (asked.context !== "all") {
      const shape: unknown = appliesTo?.context;
      const named = isObject(shape) ? commonTypes[String(shape.name ?? shape.type)] : undefined;
      keepAttributes(named ?? shape, asked.context);
    }
    for (const type of Object.values(entityTypes)) if ("shape" in type) keepAttributes(type.shape, asked.attributes);
    namespace.actions = only(actions, (name) => name === types.action);
    const needed = namesWithin([types.principal, types.resource, ...Object.values(namespace.actions)], {
      ...commonTypes,
      ...entityTypes,
    } as Definition);
    namespace.commonTypes = only(commonTypes, (name) => needed.has(name));
    namespace.entityTypes = only(entityTypes, (name) => needed.has(name));
  }
  return schema;
}

const only = <T>(all: Record<string, T>, wanted: (name: string) => boolean): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => wanted(name)));

function keepAttributes(shape: unknown, asked: ReadonlySet<string>): void {
  if (!isObject(shape) || !isObject(shape.attributes)) return;
  const attributes = shape.attributes as Record<string, unknown>;
  for (const name of Object.keys(attributes)) if (!asked.has(name)) delete attributes[name];
}

/** The definitions that these parts name, and that those name in turn. */
function namesWithin(parts: readonly unknown[], definitions: Definition): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...parts];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (typeof part === "string") {
      if (found.has(part) || !Object.hasOwn(definitions, part)) continue;
      found.add(part);
      open.push(definitions[part]);
    } else if (isObject(part)) open.push(...Object.values(part));
  }
  return found;
}

const isObject = (value: unknown): value is Definition => typeof value === "object" && value !== null;
