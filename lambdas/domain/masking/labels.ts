import type { Path } from "../json/path.ts";
import type { Token } from "../json/walk.ts";
import { beneath, isOpen, NAMELESS, type Name } from "./member-names.ts";
import { nameOfType } from "./roles.ts";

/** A value that a member after it may still name. */
export interface Waiting {
  readonly token: Token;
  /** What it goes by so far. */
  readonly own: Name;
  /** Its position among the strings of the object, where it is one of them. */
  readonly at: number | undefined;
}

interface Frame {
  /** What members said that the values beside them are. */
  readonly said: string[];
  read: number;
  named: Name;
  readonly waiting: Waiting[];
}

/** What the members of each open object say of each other. Those of JSON have no order, so the last may name the first. */
export class Labels {
  readonly #frames: (Frame | undefined)[] = [];
  /** By depth: that of the member named by what is beside it in which a value stands. */
  readonly #holders: (number | undefined)[] = [];
  /** By depth: what the element of an array before the next says of it. */
  readonly #next: (Name | undefined)[] = [];
  readonly #nameOfLabel: (label: string) => Name;

  constructor(nameOfLabel: (label: string) => Name) {
    this.#nameOfLabel = nameOfLabel;
  }

  open({ depth }: Path): void {
    this.#frames[depth + 1] = undefined;
    this.#next[depth + 1] = undefined;
    this.#holders[depth + 1] = this.#holders[depth];
  }

  /** A member begins. @returns what it goes by, as far as those before it say */
  member({ depth }: Path, own: Name): Name {
    const isHolder = own.role === "labelled" || own.role === "listed";
    this.#holders[depth] = isHolder ? depth : this.#holders[depth - 1];
    return isHolder && this.#frames[depth] !== undefined ? beside(this.#named(depth), own) : own;
  }

  /** A string of an array. @returns what it goes by where the one before it is its name: `["DB_PASSWORD", "…"]` */
  element({ depth }: Path, own: Name, text: string, from: number, to: number): Name {
    const named = this.#next[depth];
    this.#next[depth] = mayName(text, from, to) ? this.#nameOfLabel(text.slice(from, to)) : undefined;
    if (named?.field === undefined) return own;
    return beneath({ ...NAMELESS, maybe: { rule: named.field, asKey: false } }, own);
  }

  /** A member says what is beside it. */
  tell({ depth }: Path, { role }: Name, text: string): void {
    const said = role === "label" ? text : role === "type" ? nameOfType(text) : text === "true" ? "secret" : undefined;
    if (said !== undefined) this.#frame(depth).said.push(said);
  }

  /** A value whose name may come after it: itself, or one level below. */
  wait({ depth }: Path, token: Token, own: Name, at: number | undefined): void {
    const holder = this.#holders[depth];
    if (holder === undefined || depth > holder + 1 || own.field !== undefined) return;
    this.#frame(holder).waiting.push({ token, own, at: depth === holder ? at : undefined });
  }

  /** @returns the values of an object that ends which its members say are secret, with what each goes by now */
  close({ depth }: Path): readonly Waiting[] {
    const frame = this.#frames[depth + 1];
    this.#frames[depth + 1] = undefined;
    if (frame === undefined || frame.waiting.length === 0 || frame.said.length === 0) return [];
    const named = this.#read(frame);
    return isOpen(named) ? [] : frame.waiting.map((one) => ({ ...one, own: beside(named, one.own) }));
  }

  #named(depth: number): Name {
    const frame = this.#frames[depth];
    return frame === undefined ? NAMELESS : this.#read(frame);
  }

  /** The first that names a secret decides. */
  #read(frame: Frame): Name {
    for (; isOpen(frame.named) && frame.read < frame.said.length; frame.read += 1)
      frame.named = this.#nameOfLabel(frame.said[frame.read] as string);
    return frame.named;
  }

  #frame(depth: number): Frame {
    const frame = this.#frames[depth] ?? { said: [], read: 0, named: NAMELESS, waiting: [] };
    this.#frames[depth] = frame;
    return frame;
  }
}

/** What a value goes by that a member beside it names: of its own, not as one among those beneath a secret. */
const beside = (named: Name, own: Name): Name =>
  own.role === "labelled" ? { ...beneath(named, own), isInherited: false } : beneath(named, own);

/** The name of a setting, or what ends as names before their values do; in lists of words `password` is one of them. */
const mayName = (text: string, from: number, to: number) => {
  const last = text.charCodeAt(to - 1);
  if (to - from < 4 || to - from > 64) return false;
  return last === 0x3a || last === 0x3d || (last >= 0x30 && last <= 0x5f && CONSTANT.test(text.slice(from, to)));
};
const CONSTANT = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/;
