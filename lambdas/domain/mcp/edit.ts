import { applyEdits, type JSONPath, modify } from "jsonc-parser";
import type { Json } from "../json/json.ts";

/** Sets a member of a JSON text, or removes it when the value is undefined; every other byte stays as it is. */
export const setMember = (text: string, path: JSONPath, value: Json | undefined): string =>
  applyEdits(text, modify(text, path, value, {}));
