import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import type { Environment } from "../lambdas/environment.ts";
import type { SweeperTimes } from "../lambdas/sweeper/sweeper.ts";
import type { Buffered, Functions, Streaming } from "./api/functions.ts";
import { invocation } from "./api/functions.ts";
import { installAwsLambda } from "./api/response-stream.ts";

/** The product's own functions, made in this process, each from its own environment. */
export interface LocalFunctions extends Functions {
  readonly recorder: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
  readonly archiver: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
  readonly sweeper: () => Promise<unknown>;
}

/**
 * @param environmentOf the environment of a function, by its name in the house plan
 * @param sweeperTimes times of the sweeper other than the product's
 * @param deployed whether the template has that function: without a server that pushes there is no `listener`
 */
export async function makeFunctions(
  environmentOf: (service: string) => Environment,
  deployed: (service: string) => boolean,
  sweeperTimes: Partial<SweeperTimes> = {},
): Promise<LocalFunctions> {
  // Middy looks for Lambda's global when a streaming function is made, so the functions are imported after it is there.
  installAwsLambda();
  const [
    { createAuthorizer },
    { createGateway },
    { createListener },
    { createApprovals },
    { createAudit },
    { createSite },
    { createRecorder },
    { createArchiver },
    { createSweeper },
  ] = await Promise.all([
    import("../lambdas/authorizer/authorizer.ts"),
    import("../lambdas/gateway/gateway.ts"),
    import("../lambdas/listener/listener.ts"),
    import("../lambdas/approvals/approvals.ts"),
    import("../lambdas/audit/audit.ts"),
    import("../lambdas/site/site.ts"),
    import("../lambdas/recorder/recorder.ts"),
    import("../lambdas/archiver/archiver.ts"),
    import("../lambdas/sweeper/sweeper.ts"),
  ]);
  const recorder = createRecorder(environmentOf("recorder"));
  const archiver = createArchiver(environmentOf("archiver"));
  const sweeper = createSweeper(environmentOf("sweeper"), sweeperTimes);
  return {
    authorizer: createAuthorizer(environmentOf("authorizer")),
    streaming: {
      gateway: createGateway(environmentOf("gateway")) as unknown as Streaming,
      ...(deployed("listener") ? { listener: createListener(environmentOf("listener")) as unknown as Streaming } : {}),
    },
    buffered: {
      approvals: createApprovals(environmentOf("approvals")) as Buffered,
      audit: createAudit(environmentOf("audit")) as Buffered,
      site: createSite(environmentOf("site")) as Buffered,
    },
    recorder: (event) => recorder(event, invocation("recorder", 60)),
    archiver: (event) => archiver(event, invocation("archiver", 120)),
    sweeper: () => sweeper({}, invocation("sweeper", 50)),
  };
}
