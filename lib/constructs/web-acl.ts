import { Aws, RemovalPolicy, Stack } from "aws-cdk-lib";
import type { Stage } from "aws-cdk-lib/aws-apigateway";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from "aws-cdk-lib/aws-wafv2";
import { Construct } from "constructs";

/** Requests that one address may make in five minutes before it is slowed down. */
const RATE_LIMIT = 10_000;

/**
 * The firewall before the API. Rules that read bodies only count: SQL and shell commands are what MCP calls carry, and
 * deciding about them is the gateway's work, not a pattern's.
 */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, { stage, logKey }: { readonly stage: Stage; readonly logKey: IKey }) {
    super(scope, id);
    const visibility = (metricName: string) => ({
      cloudWatchMetricsEnabled: true,
      sampledRequestsEnabled: false,
      metricName,
    });
    const managed = (name: string, priority: number, action: "count" | "none") => ({
      name,
      priority,
      overrideAction: action === "count" ? { count: {} } : { none: {} },
      statement: { managedRuleGroupStatement: { vendorName: "AWS", name } },
      visibilityConfig: visibility(name),
    });
    const acl = new CfnWebACL(this, "Acl", {
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      visibilityConfig: visibility("countersign"),
      rules: [
        {
          name: "RateByAddress",
          priority: 0,
          action: { block: { customResponse: { responseCode: 429 } } },
          statement: { rateBasedStatement: { limit: RATE_LIMIT, aggregateKeyType: "IP" } },
          visibilityConfig: visibility("RateByAddress"),
        },
        managed("AWSManagedRulesAmazonIpReputationList", 1, "none"),
        managed("AWSManagedRulesKnownBadInputsRuleSet", 2, "count"),
        managed("AWSManagedRulesCommonRuleSet", 3, "count"),
      ],
    });
    new CfnWebACLAssociation(this, "Association", { resourceArn: stage.stageArn, webAclArn: acl.attrArn });

    // WAF delivers only to groups whose name begins like this.
    const logGroup = new LogGroup(this, "Log", {
      logGroupName: `aws-waf-logs-countersign-${Stack.of(this).stackName.toLowerCase()}`,
      encryptionKey: logKey,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    new CfnLoggingConfiguration(this, "Logging", {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [
        `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${logGroup.logGroupName}`,
      ],
      redactedFields: [{ singleHeader: { Name: "authorization" } }],
    });
  }
}
