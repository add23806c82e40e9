import {
  AwsSolutionsChecks,
  type IApplyRule,
  type NagPack,
  NagRuleCompliance,
  type NagRuleResult,
  NIST80053R5Checks,
  ServerlessChecks,
} from "cdk-nag";
import type { IConstruct } from "constructs";
import { findingsAcknowledgedAt } from "./acknowledge.ts";

/** AwsSolutions, with findings acknowledged by pattern: a finding's own id holds names that CDK makes up at synth. */
export class SolutionsPack extends AwsSolutionsChecks {
  protected override applyRule(params: IApplyRule): void {
    super.applyRule(lessAcknowledged(params, this.packName));
  }
}

/** NIST SP 800-53 revision 5, likewise. */
export class NistPack extends NIST80053R5Checks {
  protected override applyRule(params: IApplyRule): void {
    super.applyRule(lessAcknowledged(params, this.packName));
  }
}

/** What AWS advises for serverless applications, likewise. */
export class ServerlessPack extends ServerlessChecks {
  protected override applyRule(params: IApplyRule): void {
    super.applyRule(lessAcknowledged(params, this.packName));
  }
}

/** Every pack that judges a synth. */
export const rulePacks = (scope: IConstruct): NagPack[] => [
  new NistPack(scope),
  new SolutionsPack(scope),
  new ServerlessPack(scope),
];

function lessAcknowledged(params: IApplyRule, pack: string): IApplyRule {
  const suffix = params.ruleSuffixOverride ?? params.rule.name;
  const rule = (node: typeof params.node): NagRuleResult => {
    const result = params.rule(node);
    if (!Array.isArray(result)) return result;
    const left = result.filter((finding) => !isAcknowledged(node, `${pack}-${suffix}`, finding));
    return left.length > 0 ? left : NagRuleCompliance.COMPLIANT;
  };
  return { ...params, rule, ruleSuffixOverride: suffix };
}

function isAcknowledged(node: IConstruct, rule: string, finding: string): boolean {
  const above = node.node.scopes;
  return above.some((scope) =>
    findingsAcknowledgedAt(scope).some((entry) => entry.rule === rule && new RegExp(entry.finding).test(finding)),
  );
}
