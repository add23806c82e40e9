import { CountersignError } from "../domain/error.ts";
import type { OpenBlock } from "../domain/masking/index.ts";
import { type UpstreamAnswer, UpstreamFailure } from "../domain/upstream/answer.ts";
import type { Call } from "./call.ts";
import { deniedToServer } from "./denied-to-server.ts";
import type { Step } from "./entries.ts";
import { sealFrame } from "./events.ts";
import { failed, unrecorded } from "./failed.ts";
import type { House } from "./house.ts";
import { inspector } from "./inspect.ts";
import { mask, type Opened } from "./masked.ts";
import { nextPage } from "./pages.ts";
import { recorded, together } from "./recording.ts";
import type { Released } from "./released.ts";
import { released, visible, withheld } from "./response.ts";
import { sort } from "./sort.ts";

/** Pages of a list that are pulled for one request, when policy hides all that is on them. */
const MOST_PAGES = 50;

/**
 * Each message of an answer inspected, masked and recorded before it leaves; the response last. Messages that arrived
 * together are recorded together.
 *
 * @param block what a stream that is taken up again had opened before it broke off
 */
export async function* release(
  call: Call,
  first: UpstreamAnswer,
  house: House,
  block?: OpenBlock,
): AsyncGenerator<Released> {
  const inspect = inspector(call, house);
  const denied = deniedToServer(call, house);
  const opened: Opened = { block };
  let answer = first;
  let awaited = call.message.kind === "request" ? call.message.id : null;
  let resumable = call.resumed === true;
  let said = false;
  let offending: string | undefined;
  try {
    for (let page = 1; ; page += 1) {
      let more: string | undefined;
      for await (const batch of answer.messages) {
        const { cleared, response, stopped } = await sort(
          call,
          batch,
          { awaited, answer, inspect, denied, opened },
          house,
        );
        const bodies = together(cleared.flatMap(({ body }) => (body === undefined ? [] : [body])));
        const step: Step = { type: "message.relayed", outcome: "relayed" };
        if (bodies !== undefined && !(await recorded(call, step, bodies, house))) return yield unrecorded(call);
        for (const { frame = {}, body, block: behind } of cleared) {
          // The events of a page that we asked for ourselves lead nowhere for the client.
          const sealed = page === 1 ? await sealFrame(call, frame, house, { block: behind }) : {};
          resumable ||= sealed.id !== undefined && isStreamed(call, answer);
          said ||= page === 1 && body !== undefined;
          yield { ...(body === undefined ? {} : { text: body.masked, relayed: true }), frame: sealed };
        }
        if (stopped !== undefined) {
          offending = stopped.text;
          throw stopped.cause;
        }
        if (response === undefined) continue;
        offending = response.text;
        const { text, next } = await visible(call, response, house);
        if (next === undefined || page === MOST_PAGES || call.resumed) {
          yield await released(call, response, text, { inspect, opened }, house);
          return;
        }
        const skipped = await mask(call, response.text, text, house);
        if (skipped === undefined) return yield await withheld(call, response.text, house);
        if (!(await recorded(call, { type: "message.relayed", outcome: "page-skipped" }, skipped, house)))
          return yield unrecorded(call);
        offending = undefined;
        more = next;
        break;
      }
      if (more === undefined) break;
      const following = await nextPage(call, more, house);
      answer = following.answer;
      awaited = following.id;
    }
    yield* silent(call, answer, { resumable, said }, house);
  } catch (error) {
    if (offending !== undefined && error instanceof CountersignError && error.code === "masking_failed")
      return yield await withheld(call, offending, house);
    if (mayComeBack(call, error, resumable && offending === undefined)) return yield* detached(call, house);
    yield* failed(call, error, house, { status: answer.status >= 400 ? answer.status : undefined, offending });
  } finally {
    // A function stands still as soon as its answer is over: what it has begun to tell would never arrive.
    await denied.told();
  }
}

/** Whether events reach the client one by one: `initialize` and what an HTTP status refuses are read whole. */
const isStreamed = ({ message }: Call, { status }: UpstreamAnswer) =>
  message.kind === "request" && message.method !== "initialize" && status < 400;

/**
 * Whether the client can come back for what broke off (2025-11-25, transports, "Resumability"): then the call goes on.
 * What the server sent and cannot be handed over would only come again, and a call has its time.
 */
const mayComeBack = ({ ended }: Call, cause: unknown, resumable: boolean) =>
  resumable && !ended.signal.aborted && cause instanceof UpstreamFailure && cause.broke;

async function* detached(call: Call, house: House): AsyncGenerator<Released> {
  if (!(await recorded(call, { type: "message.relayed", outcome: "detached" }, undefined, house)))
    yield unrecorded(call);
}

/** The answer ended and held no response. */
async function* silent(
  call: Call,
  answer: UpstreamAnswer,
  { resumable, said }: { readonly resumable: boolean; readonly said: boolean },
  house: House,
): AsyncGenerator<Released> {
  const { message } = call;
  if (message.kind === "request" && (answer.status < 400 || !said)) {
    const isStream = answer.kind === "stream";
    if (isStream && resumable) return yield* detached(call, house);
    throw new UpstreamFailure(
      isStream ? "ended the stream without a response" : `answered HTTP ${answer.status} without a response`,
      true,
    );
  }
  const outcome = answer.status >= 400 ? "refused-by-server" : message.kind === "listen" ? "ended" : "accepted";
  if (!(await recorded(call, { type: "call.completed", outcome }, undefined, house))) yield unrecorded(call);
}
