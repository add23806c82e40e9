import { createAuthorizer } from "../../../lambdas/authorizer/authorizer.ts";
import type { Authorizer, Streaming } from "../../../local/api/functions.ts";
import { installAwsLambda } from "../../../local/api/response-stream.ts";
import { startFront } from "../../../local/front.ts";
import type { Route } from "../../../local/routes.ts";
import { announce } from "../../part.ts";

/** The gateway's own handler behind the local stand-in for API Gateway, alone in its process. */
installAwsLambda();
const { handler } = (await import(process.env.BENCH_HANDLER ?? "")) as { handler: Streaming };
const front = await startFront(0, (cause) => process.stderr.write(`the gateway crashed: ${cause}\n`));
const route = (server: string): Route => ({
  resource: `/mcp/${server}`,
  method: "ANY",
  service: "gateway",
  authorized: true,
  streaming: true,
});
front.serve(
  { stage: "bench", routes: [route("ops"), route("everything")], gatewayResponses: new Map() },
  { authorizer: cached(createAuthorizer(process.env) as Authorizer), streaming: { gateway: handler }, buffered: {} },
);
announce({ url: front.url });

/** API Gateway keeps an authorizer's answer for five minutes by token, so a warm call does not wait for it. */
function cached(authorizer: Authorizer): Authorizer {
  const answers = new Map<string, ReturnType<Authorizer>>();
  return (event, context) => {
    const token = event.headers?.authorization ?? "";
    const answer = answers.get(token) ?? authorizer(event, context);
    answers.set(token, answer);
    return answer;
  };
}
