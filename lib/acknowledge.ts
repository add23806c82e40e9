import { Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

const RULES = "countersign:acknowledged-rules";
const FINDINGS = "countersign:acknowledged-findings";

/** Findings of a rule that are accepted at one construct. */
export interface AcknowledgedFinding {
  readonly rule: string;
  /** Source of a regular expression over the finding's id. */
  readonly finding: string;
  readonly reason: string;
}

/**
 * Accepts rules at one construct and below it, with the reason that a security reviewer reads.
 *
 * @param rules rule ids such as `AwsSolutions-SQS3`
 */
export function acknowledge(construct: IConstruct, rules: readonly string[], reason: string): void {
  for (const id of rules) Validations.of(construct).acknowledge({ id, reason });
  for (const rule of rules) construct.node.addMetadata(RULES, { rule, reason });
}

/** Accepts those findings of a rule that match, at one construct and below it. */
export function acknowledgeFindings(construct: IConstruct, rule: string, finding: RegExp, reason: string): void {
  construct.node.addMetadata(FINDINGS, { rule, finding: finding.source, reason } satisfies AcknowledgedFinding);
}

/** What was accepted at this very construct. */
export const findingsAcknowledgedAt = (construct: IConstruct): AcknowledgedFinding[] =>
  construct.node.metadata.filter((entry) => entry.type === FINDINGS).map((entry) => entry.data as AcknowledgedFinding);

/** The rules that were accepted at this very construct. */
export const rulesAcknowledgedAt = (construct: IConstruct): string[] =>
  construct.node.metadata.filter((entry) => entry.type === RULES).map((entry) => (entry.data as { rule: string }).rule);

/** Everything that was accepted at a construct or below it: where, which rule, the findings it is about (null: all), why. */
export const acknowledgedBelow = (root: IConstruct) =>
  root.node.findAll().flatMap((construct) =>
    construct.node.metadata.flatMap(({ type, data }) =>
      type === RULES || type === FINDINGS
        ? [
            {
              path: construct.node.path,
              finding: null,
              ...(data as { rule: string; reason: string; finding?: string }),
            },
          ]
        : [],
    ),
  );
