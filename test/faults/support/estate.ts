import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { createArchiver } from "../../../lambdas/archiver/archiver.ts";
import { textOf } from "../../../lambdas/aws/ledger-item.ts";
import { vault } from "../../../lambdas/aws/vault.ts";
import { createDigester, type Sealed, type Tick } from "../../../lambdas/digester/digester.ts";
import { createGateway } from "../../../lambdas/gateway/gateway.ts";
import type { ReconcilerEvent } from "../../../lambdas/reconciler/plan.ts";
import { createReconciler } from "../../../lambdas/reconciler/reconciler.ts";
import { createRecorder } from "../../../lambdas/recorder/recorder.ts";
import { invocation, type Streaming } from "../../../local/api/functions.ts";
import { openWorld, type World } from "../../properties/support/world.ts";
import type { Fate } from "./fates.ts";
import type { Done } from "./faulty-proxy.ts";
import { type Mortal, mortal } from "./mortal.ts";
import type { SkewedClock } from "./skewed-clock.ts";

export type Consumer = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;

/** The functions that write evidence, each before a door of faults. */
export interface Estate {
  readonly world: World;
  /** When each record was durable (milliseconds since the start of this process), by its id. */
  readonly durable: ReadonlyMap<string, number>;
  gateway(fate: () => Fate): Mortal<Streaming>;
  archiver(fate: () => Fate): Mortal<Consumer>;
  recorder(fate: () => Fate): Mortal<Consumer>;
  digester(fate: () => Fate): Mortal<(tick: Tick) => Promise<Sealed>>;
  /** @param patience milliseconds until a call without an outcome counts as unresolved */
  reconciler(fate: () => Fate, patience: number): Mortal<(event: ReconcilerEvent) => Promise<void>>;
  stop(): Promise<void>;
}

export async function openEstate(clock: SkewedClock): Promise<Estate> {
  const world = await openWorld();
  const { emulator, environmentAt } = world;
  const durable = new Map<string, number>();
  const heard = ({ operation, body, at }: Done) => {
    if (operation !== "PutItem") return;
    const line = textOf(JSON.parse(body).Item);
    if (line !== undefined) durable.set(JSON.parse(line).id, at);
  };
  const opened: Mortal<unknown>[] = [];
  const open = <F>(make: (environment: ReturnType<typeof environmentAt>) => F, service: string, fate: () => Fate) => {
    const made = mortal({ emulator, make: (url) => make(environmentAt(url, service)), fate, heard });
    opened.push(made as Mortal<unknown>);
    return made;
  };
  const consumer =
    (create: typeof createArchiver | typeof createRecorder, service: string) =>
    (environment: ReturnType<typeof environmentAt>): Consumer => {
      const consume = create(environment);
      return (event) => consume(event, invocation(service, 60)) as Promise<DynamoDBBatchResponse>;
    };
  return {
    world,
    durable,
    gateway: (fate) => open((environment) => createGateway(environment) as unknown as Streaming, "gateway", fate),
    archiver: (fate) => open(consumer(createArchiver, "archiver"), "archiver", fate),
    recorder: (fate) => open(consumer(createRecorder, "recorder"), "recorder", fate),
    digester: (fate) =>
      open(
        (environment) => {
          const digest = createDigester(environment, clock.trueNow);
          return (tick: Tick) => digest(tick, invocation("digester", 900)) as Promise<Sealed>;
        },
        "digester",
        fate,
      ),
    reconciler: (fate, patience) =>
      open(
        (environment) => {
          const reconcile = createReconciler(environment, patience);
          return async (event: ReconcilerEvent) => void (await reconcile(event, invocation("reconciler", 600)));
        },
        "reconciler",
        fate,
      ),
    async stop() {
      await Promise.all(opened.map((made) => made.stop()));
      await world.stop();
    },
  };
}

/** The vaults as they are, past every door. */
export const vaultsOf = ({ world: { environment } }: Estate) => ({
  masked: vault(environment, "masked"),
  sealed: vault(environment, "sealed"),
});
