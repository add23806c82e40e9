import { startLocalStack } from "../../../local/stack.ts";
import { announce } from "../../part.ts";

/** What the suite is told of the local stack. */
export interface StackReady {
  readonly publicUrl: string;
  /** The emulator itself, past every door. */
  readonly moto: string;
  /** What the gateway's function is told. */
  readonly environment: Readonly<Record<string, string>>;
  readonly approver: string;
  readonly developer: string;
}

/** The local stack, in a process of its own. */
const stack = await startLocalStack({
  // Hundreds of calls of one developer shall wait here.
  times: { maxHeld: 400, maxHeldInAll: 400, openApprovals: 400 },
  // A thousand state machines in the emulator would be all that is measured: none is started, and none is missed.
  sweeper: { every: 3_600_000 },
  report: () => undefined,
});
stack.faults.stepFunctions.cut();
const environment = stack.environmentOf("gateway");
announce(
  {
    publicUrl: stack.publicUrl,
    moto: environment.AWS_ENDPOINT_URL ?? "",
    environment: environment as StackReady["environment"],
    approver: await stack.token("approver-one", "console"),
    developer: await stack.token("developer", "mcp"),
  } satisfies StackReady,
  stack.stop,
);
