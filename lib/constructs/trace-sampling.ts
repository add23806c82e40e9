import { Names } from "aws-cdk-lib";
import { CfnSamplingRule } from "aws-cdk-lib/aws-xray";
import { Construct } from "constructs";
import { API } from "../../lambdas/api-names.ts";

/** Share of the requests that are traced: it shows where time goes. What is counted or alarmed are metrics. */
export const TRACED = 0.05;

/**
 * How many requests X-Ray records: a share of them, in the place of its default of one a second and 5 % of the others, which
 * is every request of a quiet gateway. API Gateway decides, and the functions behind it follow.
 */
export class TraceSampling extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const any = "*";
    new CfnSamplingRule(this, "Rule", {
      samplingRule: {
        version: 1,
        ruleName: Names.uniqueResourceName(this, { maxLength: 32 }),
        priority: 1000,
        fixedRate: TRACED,
        reservoirSize: 0,
        serviceType: "AWS::ApiGateway::Stage",
        serviceName: `${API.name}/${API.stage}`,
        resourceArn: any,
        host: any,
        httpMethod: any,
        urlPath: any,
      },
    });
  }
}
