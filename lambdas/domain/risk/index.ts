export { assess, UNASSESSED } from "./assess.ts";
export { compileRisks } from "./compile.ts";
export type { AssessedCall, CompiledRisks, RiskMatch } from "./risk.ts";
