import type { Path } from "../json/path.ts";
import type { Token } from "../json/walk.ts";
import { isTextType } from "./blob.ts";

/** A value that MCP may carry in base64, and what the object that it stands in says of it. */
export interface Carried {
  readonly token: Token;
  /** Whether clients want base64 there. `data` is that beside a media type alone; in a log it is text. */
  readonly isBase64: boolean;
  readonly isText: boolean;
}

/** What the objects of a document carry in base64: `blob` of a resource, `data` of an image. Members have no order. */
export class CarriedValues {
  /** By depth. */
  readonly #values: (readonly { readonly token: Token; readonly name: string }[] | undefined)[] = [];
  readonly #types: (string | undefined)[] = [];

  /** An object or array begins. */
  open({ depth }: Path): void {
    this.#values[depth + 1] = undefined;
    this.#types[depth + 1] = undefined;
  }

  value({ depth, segments }: Path, token: Token): void {
    this.#values[depth] = [...(this.#values[depth] ?? []), { token, name: String(segments[depth - 1]) }].slice(-2);
  }

  type({ depth }: Path, type: string): void {
    this.#types[depth] = type;
  }

  /** What the object that ends carries; the path is its own. */
  close({ depth }: Path): readonly Carried[] {
    const type = this.#types[depth + 1];
    const values = this.#values[depth + 1] ?? [];
    return values.map(({ token, name }) => ({
      token,
      isBase64: type !== undefined || name === "blob",
      isText: isTextType(type ?? ""),
    }));
  }
}
