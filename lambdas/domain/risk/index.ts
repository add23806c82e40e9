export { type AssessedCall, assess, type RiskMatch, UNASSESSED } from "./assess.ts";
export { type CompiledRisks, compileRisks } from "./compile.ts";
