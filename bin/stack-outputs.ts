import { CloudFormationClient, paginateDescribeStacks } from "@aws-sdk/client-cloudformation";
import { clientOptions } from "../lambdas/aws/clients.ts";
import type { Environment } from "../lambdas/environment.ts";

/** Names that the stacks have in the app. */
const STACKS = ["CountersignEvidence", "CountersignGateway"];

/**
 * What the deployed stacks say of themselves: output names, letters and digits alone, to their values.
 * @throws Error when the account and region hold no such stack
 */
export async function stackOutputs(environment: Environment): Promise<ReadonlyMap<string, string>> {
  const client = new CloudFormationClient(clientOptions(environment, "CLOUDFORMATION"));
  const found = new Map<string, string>();
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {}))
    for (const { StackName, Outputs = [] } of Stacks)
      if (STACKS.includes(StackName ?? ""))
        for (const { OutputKey = "", OutputValue = "" } of Outputs) found.set(outputName(OutputKey), OutputValue);
  if (found.size === 0) throw new Error(`found none of the stacks ${STACKS.join(", ")} in this account and region`);
  return found;
}

/** CloudFormation keeps only letters and digits of an output's name. */
export const outputName = (name: string): string => name.replaceAll(/[^A-Za-z0-9]/g, "");
