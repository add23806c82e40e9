import { Aws, Fn, RemovalPolicy } from "aws-cdk-lib";
import type { Stage } from "aws-cdk-lib/aws-apigateway";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from "aws-cdk-lib/aws-wafv2";
import { Construct } from "constructs";

/** Requests that one address may make in five minutes before it is slowed down. */
const RATE_LIMIT = 10_000;

/** With or without the stage before it, as the request came by the API's own domain or by the configured one. */
const MCP_PATHS = {
  byteMatchStatement: {
    fieldToMatch: { uriPath: {} },
    positionalConstraint: "CONTAINS",
    searchString: "/mcp/",
    textTransformations: [{ priority: 0, type: "NONE" }],
  },
};

/**
 * The firewall before the API. On the MCP paths rules that read bodies only count: SQL and shell commands are what MCP calls carry, and
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
    const managed = (
      name: string,
      priority: number,
      { where, counts = false }: { readonly where?: object; readonly counts?: boolean } = {},
    ) => {
      const id = counts ? `${name}Counted` : name;
      return {
        name: id,
        priority,
        overrideAction: counts ? { count: {} } : { none: {} },
        statement: {
          managedRuleGroupStatement: { vendorName: "AWS", name, ...(where ? { scopeDownStatement: where } : {}) },
        },
        visibilityConfig: visibility(id),
      };
    };
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
        managed("AWSManagedRulesAmazonIpReputationList", 1),
        managed("AWSManagedRulesCommonRuleSet", 2, { where: { notStatement: { statement: MCP_PATHS } } }),
        managed("AWSManagedRulesKnownBadInputsRuleSet", 3, { where: { notStatement: { statement: MCP_PATHS } } }),
        managed("AWSManagedRulesKnownBadInputsRuleSet", 4, { where: MCP_PATHS, counts: true }),
      ],
    });
    new CfnWebACLAssociation(this, "Association", { resourceArn: stage.stageArn, webAclArn: acl.attrArn });

    // WAF delivers only to groups whose name begins like this.
    const logGroup = new LogGroup(this, "Log", {
      logGroupName: `aws-waf-logs-countersign-${incarnation}`,
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

/** A few characters of the stack's own id: the log outlives its stack, and a second one must not meet its name. */
const incarnation = Fn.select(4, Fn.split("-", Fn.select(2, Fn.split("/", Aws.STACK_ID))));
