import type { Path } from "../json/path.ts";
import { mask } from "./compile.ts";
import type { Hit } from "./merge.ts";
import type { Rule } from "./rule.ts";

/** What a member's name tells. */
export interface Name {
  /** The rule by which every value under it is secret. */
  readonly field: Rule | undefined;
  /** Secrets in the name itself. */
  readonly hits: readonly Hit[];
  /** `{"name": "DB_PASSWORD", "value": "…"}`: whether a value under it names what is beside it, or is so named. */
  readonly role: "label" | "type" | "labelled" | undefined;
  /** How MCP names what it carries in base64. */
  readonly isBlob: boolean;
}

/** Of a value that has no name. */
export const NAMELESS: Name = { field: undefined, hits: [], role: undefined, isBlob: false };

const ROLES: Readonly<Record<string, Name["role"]>> = {
  name: "label",
  key: "label",
  type: "type",
  kind: "type",
  value: "labelled",
};

/** `{"type": "password", "value": "…"}`. Other types say of what sort a value is, and `token` what a parser saw. */
export const isSecretType = (type: string): boolean =>
  /^(?:password|passphrase|passwd|secret|(?:client|shared)[_-]?secret|api[_-]?key|access[_-]?token|private[_-]?key)$/i.test(
    type,
  );

export const roleOf = (name: string): Name["role"] => {
  const plain = name.toLowerCase();
  return Object.hasOwn(ROLES, plain) ? ROLES[plain] : undefined;
};

/** The name with its secrets masked. */
export function maskedName(name: string, hits: readonly Hit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, kind } of hits) {
    parts.push(name.slice(at, start), mask(kind));
    at = end;
  }
  return parts.join("") + name.slice(at);
}

/** Names of one object that hold a mask. */
interface Taken {
  readonly kept: Set<string>;
  readonly given: Set<string>;
  /** By masked name: the number that the next one gets. */
  readonly next: Map<string, number>;
}

/** Keeps the names of each object apart when some are masked: `[EMAIL_ADDRESS]`, `[EMAIL_ADDRESS] 2`. */
export class DistinctNames {
  readonly #byDepth: (Taken | undefined)[] = [];

  /** An object begins. */
  open({ depth }: Path): void {
    this.#byDepth[depth + 1] = undefined;
  }

  /** Takes note of a name that stays. Whoever writes names like our own could make two members one. */
  keep(name: string, { depth }: Path): void {
    if (!name.includes("]")) return;
    const { kept, given } = this.#taken(depth);
    if (given.has(name)) throw new RangeError("a member is named as a masked one is");
    kept.add(name);
  }

  /** A name for a masked one that no other member of its object has so far. */
  give(masked: string, { depth }: Path): string {
    const { kept, given, next } = this.#taken(depth);
    let number = next.get(masked) ?? 1;
    const named = () => (number === 1 ? masked : `${masked} ${number}`);
    while (kept.has(named()) || given.has(named())) number += 1;
    next.set(masked, number + 1);
    given.add(named());
    return named();
  }

  #taken(depth: number): Taken {
    const taken = this.#byDepth[depth] ?? { kept: new Set(), given: new Set(), next: new Map() };
    this.#byDepth[depth] = taken;
    return taken;
  }
}
