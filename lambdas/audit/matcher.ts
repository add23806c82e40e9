import type { Vault } from "../aws/vault.ts";
import { CountersignError } from "../domain/error.ts";
import type { Open } from "./opener.ts";
import { maskedParts, type SealedLine, sealOf } from "./sealed-line.ts";

/** Looks for a text in originals. */
export interface Matcher {
  holds(line: SealedLine): Promise<boolean>;
  /** Originals that could not be opened: what they say is not known. */
  unopened(): number;
}

/** @param text as it stands in the original, or as a string of its JSON says it */
export function matcher(text: string, vault: Vault, open: Open): Matcher {
  let unopened = 0;
  return {
    unopened: () => unopened,
    async holds(line) {
      for (const part of maskedParts(line))
        try {
          const original = await open(await sealOf(line, part, vault), line.record.call ?? "");
          if (original.includes(text) || saidIn(original, text)) return true;
        } catch (cause) {
          if (!(cause instanceof CountersignError && cause.code === "seal_invalid")) throw cause;
          unopened += 1;
        }
      return false;
    },
  };
}

/** Whether a string of a JSON text says it, however the string was escaped. Without a backslash nothing was. */
function saidIn(json: string, text: string): boolean {
  if (!json.includes("\\")) return false;
  try {
    let said = false;
    JSON.parse(json, (name, value: unknown) => {
      said ||= name.includes(text) || (typeof value === "string" && value.includes(text));
      return value;
    });
    return said;
  } catch {
    return false;
  }
}
