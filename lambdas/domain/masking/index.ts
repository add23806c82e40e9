export { compileMasking } from "./compile.ts";
export type { Finding, KeyedHash, MaskingRules } from "./finding.ts";
export { type Masked, MaskingError, maskJson, maskText } from "./mask.ts";
