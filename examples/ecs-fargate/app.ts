import { App } from "aws-cdk-lib";
import { McpServerStack } from "./mcp-server-stack.ts";

const app = new App();
/** What stands in `cdk.json`, or is given with `-c key=value`. */
const context = (key: string): string => {
  const value: unknown = app.node.tryGetContext(key);
  if (typeof value !== "string" || value === "") throw new Error(`give -c ${key}=…; see docs/guides/ecs-fargate.md`);
  return value;
};
const region = context("region");

new McpServerStack(app, "McpServer", {
  env: { region },
  vpcId: context("vpcId"),
  // `subnet-…:eu-central-1a,subnet-…:eu-central-1b`
  subnets: context("subnets")
    .split(",")
    .map((entry) => {
      const [id = "", zone = ""] = entry.split(":");
      return { id, zone };
    }),
  gatewayGroupId: context("gatewayGroupId"),
  hostName: context("hostName"),
  certificateArn: context("certificateArn"),
  repository: context("repository"),
  digest: context("digest"),
  port: Number(context("port")),
  healthPath: context("healthPath"),
  secretName: context("secretName"),
});
