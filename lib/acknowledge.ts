import { Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/**
 * Accepts findings of the rule packs at one construct, with the reason that a security reviewer reads.
 *
 * @param rules rule ids, with their finding id where the rule has several findings
 */
export function acknowledge(construct: IConstruct, rules: readonly string[], reason: string): void {
  for (const id of rules) Validations.of(construct).acknowledge({ id, reason });
}
