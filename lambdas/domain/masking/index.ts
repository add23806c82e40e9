export { compileMasking, type MaskingRules } from "./compile.ts";
export { type Masked, MaskingError, maskJson, maskText } from "./mask.ts";
export type { Finding } from "./scan.ts";
