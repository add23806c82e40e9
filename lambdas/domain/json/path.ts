/** Where a walk through JSON stands: member names and array positions from the root. Changes as the walk goes on. */
export class Path {
  readonly segments: (string | number)[] = [];

  get depth(): number {
    return this.segments.length;
  }

  /** The name a value goes by: its own member name, or that of the array it stands in. */
  name(): string | undefined {
    for (let at = this.segments.length - 1; at >= 0; at -= 1) {
      const segment = this.segments[at];
      if (typeof segment === "string") return segment;
    }
    return undefined;
  }

  /** RFC 6901; the root is the empty text. */
  pointer(): string {
    return pointerOf(this.segments);
  }
}

/** Member names and positions as a JSON pointer (RFC 6901). */
export function pointerOf(segments: readonly (string | number)[]): string {
  let pointer = "";
  for (const segment of segments) pointer += `/${typeof segment === "string" ? escapeName(segment) : segment}`;
  return pointer;
}

const escapeName = (name: string) =>
  name.includes("~") || name.includes("/") ? name.replaceAll("~", "~0").replaceAll("/", "~1") : name;
