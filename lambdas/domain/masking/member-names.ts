import type { Path } from "../json/path.ts";
import { mask } from "./compile.ts";
import type { Hit } from "./merge.ts";
import type { Role } from "./roles.ts";
import type { Rule } from "./rule.ts";

/** What a member's name tells. */
export interface Name {
  /** The rule by which every value under it is secret. */
  readonly field: Rule | undefined;
  /** The rule by which a value under it is secret if it reads as one; `asKey`: if it looks drawn at random. */
  readonly maybe: { readonly rule: Rule; readonly asKey: boolean } | undefined;
  /** Whether the secret is that of a name around it, not its own. */
  readonly isInherited: boolean;
  /** Secrets in the name itself. */
  readonly hits: readonly Hit[];
  readonly role: Role;
  /** Whether it tells about a secret around it, and holds none. */
  readonly isAbout: boolean;
  /** Whether a secret under it may be a text of JSON, as AWS Secrets Manager gives it: `SecretString`. */
  readonly mayBeJson: boolean;
  /** How MCP names what it carries in base64. */
  readonly isBlob: boolean;
}

/** Of a value that has no name. */
export const NAMELESS: Name = {
  field: undefined,
  maybe: undefined,
  isInherited: false,
  hits: [],
  role: undefined,
  isAbout: false,
  mayBeJson: false,
  isBlob: false,
};

/** Whether a name leaves it open what its values are. */
export const isOpen = ({ field, maybe }: Name): boolean => field === undefined && maybe === undefined;

/**
 * What a member of something secret goes by. `{"password": {"current": "…", "type": "string", "minLength": 8}}` holds one:
 * under names of values whatever stands there, under others what reads as a secret, and nothing under those that tell
 * about it.
 */
export function beneath(around: Name, own: Name): Name {
  if (isOpen(around) || own.field !== undefined || own.isAbout) return own;
  const { field } = around;
  if (field !== undefined && (own.role === "labelled" || own.role === "version"))
    return { ...own, field, isInherited: true };
  const maybe = field === undefined ? around.maybe : { rule: field, asKey: false };
  return own.maybe !== undefined || maybe?.rule.family !== "credential" ? own : { ...own, maybe, isInherited: true };
}

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
