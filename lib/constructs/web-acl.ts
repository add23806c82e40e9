import { Aws, Fn, RemovalPolicy } from "aws-cdk-lib";
import type { Stage } from "aws-cdk-lib/aws-apigateway";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from "aws-cdk-lib/aws-wafv2";
import { Construct } from "constructs";
import { errorText } from "../../lambdas/domain/mcp/answers.ts";
import { OWN_CODE } from "../../lambdas/domain/mcp/constants.ts";

/** Requests that one address may make in a minute; many people may stand behind one. */
const PER_ADDRESS = 3000;
/** Requests that one token may come with in a minute: above any usage limit that speaks for itself (docs/configuration.md). */
const PER_TOKEN = 1500;
const WINDOW_SECONDS = 60;

/** With or without the stage before it, as the request came by the API's own domain or by the configured one. */
const MCP_PATHS = {
  byteMatchStatement: {
    fieldToMatch: { uriPath: {} },
    positionalConstraint: "CONTAINS",
    searchString: "/mcp/",
    textTransformations: [{ priority: 0, type: "NONE" }],
  },
};
const OTHER_PATHS = { notStatement: { statement: MCP_PATHS } };

const TOO_MANY = `Too many requests. Come back in ${WINDOW_SECONDS} seconds.`;
const REFUSED_ADDRESS = "This address is known for attacks and is not served; ask your administrator.";
/** On the MCP paths no answer is a 403: clients would take it for a lost sign-in. */
const BODIES = {
  "mcp-too-many": errorText(null, OWN_CODE.overused, TOO_MANY, {
    kind: "overused",
    retryAfterSeconds: WINDOW_SECONDS,
  }),
  "mcp-refused-address": errorText(null, OWN_CODE.denied, REFUSED_ADDRESS, { kind: "denied" }),
  "too-many": JSON.stringify({ code: "too_many", message: TOO_MANY }),
};

type Counting = Pick<CfnWebACL.RateBasedStatementProperty, "aggregateKeyType" | "customKeys">;

/** A request's identity before anybody has verified its token: the token itself. One that has none is counted by its address alone. */
const BY_TOKEN: Counting = {
  aggregateKeyType: "CUSTOM_KEYS",
  // As a hash, so that no token stands in a list of who was slowed down.
  customKeys: [{ header: { name: "authorization", textTransformations: [{ priority: 0, type: "MD5" }] } }],
};
/** The connection's own address: the API has nothing before it, so whatever a header names, the client made up. */
const BY_ADDRESS: Counting = { aggregateKeyType: "IP" };

const answering = (
  responseCode: number,
  customResponseBodyKey: keyof typeof BODIES,
  ...headers: [string, string][]
) => ({
  block: {
    customResponse: {
      responseCode,
      customResponseBodyKey,
      ...(headers.length > 0 ? { responseHeaders: headers.map(([name, value]) => ({ name, value })) } : {}),
    },
  },
});

const visibility = (metricName: string) => ({
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
  metricName,
});

/** Slows down whoever comes too often, on the MCP paths in the protocol's own form. */
const rate = (name: string, limit: number, by: Counting, body: "mcp-too-many" | "too-many") => ({
  name,
  action: answering(429, body, ["Retry-After", String(WINDOW_SECONDS)]),
  statement: {
    rateBasedStatement: {
      ...by,
      limit,
      evaluationWindowSec: WINDOW_SECONDS,
      scopeDownStatement: body === "mcp-too-many" ? MCP_PATHS : OTHER_PATHS,
    },
  },
  visibilityConfig: visibility(name),
});

const managed = (
  group: string,
  where: object,
  own: { readonly counts?: boolean; readonly overrides?: CfnWebACL.RuleActionOverrideProperty[] } = {},
) => {
  const { counts = false, overrides } = own;
  const name = `${group}${where === MCP_PATHS ? "OnMcp" : ""}`;
  return {
    name,
    overrideAction: counts ? { count: {} } : { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name: group,
        scopeDownStatement: where,
        ...(overrides === undefined ? {} : { ruleActionOverrides: overrides }),
      },
    },
    visibilityConfig: visibility(name),
  };
};

const REPUTATION = "AWSManagedRulesAmazonIpReputationList";
const COMMON = "AWSManagedRulesCommonRuleSet";
const BAD_INPUTS = "AWSManagedRulesKnownBadInputsRuleSet";
/** The rules of the reputation list that block. */
const REPUTATION_BLOCKS = ["AWSManagedIPReputationList", "AWSManagedReconnaissanceList"];

/**
 * In the order in which they are asked. Together about 1,900 capacity units: what is above 1,500 costs a fifth of a dollar
 * for a million requests, and is what counting on the MCP paths takes.
 */
const RULES = [
  rate("McpRateByToken", PER_TOKEN, BY_TOKEN, "mcp-too-many"),
  rate("McpRateByAddress", PER_ADDRESS, BY_ADDRESS, "mcp-too-many"),
  rate("RateByToken", PER_TOKEN, BY_TOKEN, "too-many"),
  rate("RateByAddress", PER_ADDRESS, BY_ADDRESS, "too-many"),
  managed(REPUTATION, OTHER_PATHS),
  managed(REPUTATION, MCP_PATHS, {
    overrides: REPUTATION_BLOCKS.map((name) => ({ name, actionToUse: answering(400, "mcp-refused-address") })),
  }),
  managed(COMMON, OTHER_PATHS),
  managed(BAD_INPUTS, OTHER_PATHS),
  managed(COMMON, MCP_PATHS, { counts: true }),
  managed(BAD_INPUTS, MCP_PATHS, { counts: true }),
];

/**
 * The firewall before the API. On the MCP paths rules that read content only count: SQL and shell commands are what MCP calls carry, and
 * deciding about them is the gateway's work, not a pattern's.
 */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, { stage, logKey }: { readonly stage: Stage; readonly logKey: IKey }) {
    super(scope, id);
    const bodies = Object.entries(BODIES).map(([key, content]) => [key, { contentType: "APPLICATION_JSON", content }]);
    const acl = new CfnWebACL(this, "Acl", {
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      visibilityConfig: visibility("countersign"),
      customResponseBodies: Object.fromEntries(bodies),
      rules: RULES.map((rule, priority) => ({ ...rule, priority })),
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
      // What it lets through is in the API's access log and in the ledger: a third telling would cost more than the firewall.
      loggingFilter: {
        DefaultBehavior: "DROP",
        Filters: [
          {
            Behavior: "KEEP",
            Requirement: "MEETS_ANY",
            Conditions: ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"].map((Action) => ({ ActionCondition: { Action } })),
          },
        ],
      },
      redactedFields: [{ singleHeader: { Name: "authorization" } }],
    });
  }
}

/** A few characters of the stack's own id: the log outlives its stack, and a second one must not meet its name. */
const incarnation = Fn.select(4, Fn.split("-", Fn.select(2, Fn.split("/", Aws.STACK_ID))));
