export type { OpenBlock } from "./block.ts";
export { compileMasking, credentialRules } from "./compile.ts";
export { conform, touchesStructure } from "./conform/conform.ts";
export { withRelaxedSchemas } from "./conform/relaxed-list.ts";
export type { Finding, KeyedHash, MaskingRules } from "./finding.ts";
export { type Masked, MaskingError, maskJson, maskText } from "./mask.ts";
