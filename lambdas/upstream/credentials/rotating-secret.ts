import type { Secrets } from "../../aws/secrets.ts";

/** Milliseconds between two looks for another text: who refuses everything costs one look in that time. */
const LOOK_EVERY = 10_000;
/** Milliseconds that a text which is not the current one is shown first, because it was taken where the current one was not. */
const OLDER_FIRST = 60_000;

/** A secret whose old and new text may both be taken, or only one of them, while it rotates. */
export interface RotatingSecret {
  /** The text to show. */
  current(): Promise<string>;
  /** Another text than one that was refused; undefined when there is none, or when one was looked for a moment ago. */
  insteadOf(refused: string): Promise<string | undefined>;
}

/** @param name of the secret in Secrets Manager */
export function rotatingSecret(name: string, secrets: Secrets, now: () => number = Date.now): RotatingSecret {
  let other: { readonly text: string; readonly until: number } | undefined;
  let looked = Number.NEGATIVE_INFINITY;

  const current = async () => {
    const texts = await secrets.versions(name);
    return other !== undefined && now() < other.until && texts.includes(other.text) ? other.text : (texts[0] ?? "");
  };
  return {
    current,
    async insteadOf(refused) {
      // Another call may have found out meanwhile.
      const known = await current();
      if (known !== refused) return known;
      if (now() - looked < LOOK_EVERY) return undefined;
      looked = now();
      const found = (await secrets.again(name)).find((text) => text !== refused);
      if (found !== undefined) other = { text: found, until: now() + OLDER_FIRST };
      return found;
    },
  };
}
