import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { REFUSED_MESSAGE } from "../lambdas/domain/identity/refusal.ts";
import type { Environment } from "../lambdas/environment.ts";
import type { SweeperTimes } from "../lambdas/sweeper/sweeper.ts";
import type { Buffered, Functions, Streaming } from "./api/functions.ts";
import { invocation } from "./api/functions.ts";
import { installAwsLambda } from "./api/response-stream.ts";
import { type LogSubscription, logSubscription } from "./log-subscription.ts";

/** The product's own functions, made in this process, each from its own environment. */
export interface LocalFunctions extends Functions {
  /** Hands a line of a log to what records refusals. */
  readonly refused: LogSubscription;
  readonly recorder: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
  readonly archiver: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
  readonly exporter: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
  readonly sweeper: () => Promise<unknown>;
  readonly holder: () => Promise<unknown>;
  readonly reconciler: () => Promise<unknown>;
  /** @param time RFC 3339: when its schedule would have run it; at most an hour ahead */
  readonly digester: (time: string) => Promise<unknown>;
}

/**
 * @param environmentOf the environment of a function, by its name in the house plan
 * @param report hears of refusals that could not be recorded
 * @param sweeperTimes times of the sweeper other than the product's
 * @param deployed whether the template has that function: without a server that pushes there is no `listener`
 */
export async function makeFunctions(
  environmentOf: (service: string) => Environment,
  deployed: (service: string) => boolean,
  report: (cause: unknown) => void,
  sweeperTimes: Partial<SweeperTimes> = {},
): Promise<LocalFunctions> {
  // Middy looks for Lambda's global when a streaming function is made, so the functions are imported after it is there.
  installAwsLambda();
  const [
    { createAuthorizer },
    { createRefusals },
    { createGateway },
    { createListener },
    { createApprovals },
    { createAudit },
    { createSite },
    { createRecorder },
    { createArchiver },
    { createExporter },
    { createReconciler },
    { createSweeper },
    { createHolder },
    { createDigester },
  ] = await Promise.all([
    import("../lambdas/authorizer/authorizer.ts"),
    import("../lambdas/refusals/refusals.ts"),
    import("../lambdas/gateway/gateway.ts"),
    import("../lambdas/listener/listener.ts"),
    import("../lambdas/approvals/approvals.ts"),
    import("../lambdas/audit/audit.ts"),
    import("../lambdas/site/site.ts"),
    import("../lambdas/recorder/recorder.ts"),
    import("../lambdas/archiver/archiver.ts"),
    import("../lambdas/exporter/exporter.ts"),
    import("../lambdas/reconciler/reconciler.ts"),
    import("../lambdas/sweeper/sweeper.ts"),
    import("../lambdas/holder/holder.ts"),
    import("../lambdas/digester/digester.ts"),
  ]);
  const recorder = createRecorder(environmentOf("recorder"));
  const archiver = createArchiver(environmentOf("archiver"));
  const exporter = createExporter(environmentOf("exporter"));
  const reconciler = createReconciler(environmentOf("reconciler"));
  const digester = createDigester(environmentOf("digester"));
  const sweeper = createSweeper(environmentOf("sweeper"), sweeperTimes);
  const holder = createHolder(environmentOf("holder"));
  const refusals = createRefusals(environmentOf("refusals"));
  const refused = logSubscription((event) => refusals(event, invocation("refusals", 60)), report);
  return {
    refused,
    authorizer: createAuthorizer(environmentOf("authorizer"), {
      refused: (refusal) => refused.tell({ message: REFUSED_MESSAGE, refusal }),
    }),
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
    exporter: (event) => exporter(event, invocation("exporter", 60)),
    reconciler: () => reconciler({}, invocation("reconciler", 600)),
    holder: () => holder({}, invocation("holder", 840)),
    sweeper: () => sweeper({}, invocation("sweeper", 50)),
    digester: (time) => digester({ time }, invocation("digester", 900)),
  };
}
