import type { ShownOriginal } from "../../lambdas/audit/shown.ts";
import { callApi } from "../call-api.ts";
import { originalText } from "../original-text.ts";
import type { Place } from "../place.ts";
import { visible, visibleJson } from "../visible.ts";

/** What is to be shown: a record or a session by its id, or what holds a text. */
export interface RevealOptions {
  readonly search?: string;
  /** RFC 3339; for a search the last day unless told. Of a session: look through the archive, not the ledger. */
  readonly from?: string;
  readonly to?: string;
  /** Another person's consent: of a search, whose text nothing names, it must be said. */
  readonly approval?: string;
  readonly json?: boolean;
}

/** One answer of the auditors' API. */
export interface RevealPage {
  readonly originals: readonly (ShownOriginal & { readonly recordedAs: string })[];
  readonly withheld: number;
  readonly unopened: number;
  readonly covers: { readonly records: number; readonly from: string; readonly to: string } | null;
  readonly next: string | null;
}

const RECORD = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const DAY = 86_400_000;
const WHOLE_DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * Shows originals through the auditors' API, as they come.
 *
 * @param id a record or a session; undefined for a search
 * @param token a console token of an auditor
 * @throws Error with the API's own word when it refuses
 */
export async function* revealed(
  place: Place,
  id: string | undefined,
  reason: string,
  options: RevealOptions,
  token: string | undefined,
): AsyncGenerator<string> {
  let [shown, records, withheld, unopened] = [0, 0, 0, 0];
  let covers: RevealPage["covers"] = null;
  for await (const page of pagesOf(place, asks(id, reason, options), token)) {
    for (const original of page.originals)
      yield options.json ? visibleJson(JSON.stringify(original)) : originalText(original);
    shown += page.originals.filter(({ tooLarge }) => tooLarge === null).length;
    withheld += page.withheld;
    unopened += page.unopened;
    records += page.covers?.records ?? 0;
    covers = page.covers;
  }
  if (options.json || covers === null) return;
  const source = options.search !== undefined || options.from !== undefined ? "the archive" : "the ledger";
  yield [
    `${shown} originals shown, of ${records} records of ${source} between ${covers.from} and ${covers.to}.`,
    ...(options.search === undefined
      ? []
      : ["Only what masking changed was searched: countersign query finds the rest."]),
    ...(withheld === 0 ? [] : [`${withheld} more were found, which policy forbids you to see.`]),
    ...(unopened === 0 ? [] : [`${unopened} originals could not be opened: what they say is not known.`]),
  ].join("\n");
}

/** All of it as one text. */
export async function reveal(
  place: Place,
  id: string,
  reason: string,
  token: string | undefined,
  options: RevealOptions = {},
): Promise<string> {
  const texts: string[] = [];
  for await (const text of revealed(place, id, reason, options, token)) texts.push(text);
  return texts.join("\n\n");
}

type Ask = Readonly<Record<string, string>>;

/** What to ask for, in this order, until something is found: the id of a session may look like that of a record. */
function asks(id: string | undefined, why: string, { search, from, to, approval }: RevealOptions): readonly Ask[] {
  const reason = { reason: why, ...(approval === undefined ? {} : { approval }) };
  if ((id === undefined) === (search === undefined))
    throw new Error("name a record or a session, or give --search <text>");
  if (search !== undefined) {
    const end = timeOf("--to", to) ?? Date.now();
    const begin = timeOf("--from", from) ?? end - DAY;
    return [{ search, ...reason, from: new Date(begin).toISOString(), to: new Date(end).toISOString() }];
  }
  const named = id ?? "";
  if (from !== undefined || to !== undefined) {
    if (from === undefined) throw new Error("--to needs --from");
    const end = timeOf("--to", to) ?? Date.now();
    const span = { from: new Date(timeOf("--from", from) ?? 0).toISOString(), to: new Date(end).toISOString() };
    return [{ session: named, ...reason, ...span }];
  }
  return RECORD.test(named)
    ? [
        { record: named, ...reason },
        { session: named, ...reason },
      ]
    : [{ session: named, ...reason }];
}

function timeOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new Error(`${option} ${text} is no time; write it like 2026-11-21T10:00:00Z`);
  // The day that --to names is meant whole.
  return option === "--to" && WHOLE_DAY.test(text) ? time + DAY : time;
}

/** The pages of an ask; the pieces of one large record are one page. */
async function* pagesOf(place: Place, all: readonly Ask[], token: string | undefined): AsyncGenerator<RevealPage> {
  const [ask, other] = all;
  const first = await pageOf(place, ask ?? {}, token).catch((cause: unknown) => {
    if (other === undefined || !/no archived record/.test(String(cause))) throw cause;
    return pageOf(place, other, token).catch((again: unknown) => {
      const neither = /holds no record/.test(String(again));
      throw neither ? new Error(`neither a record nor a session: ${visible((again as Error).message)}`) : again;
    });
  });
  const isRecord = first.covers === null;
  let whole = first;
  if (!isRecord) yield first;
  for (let { next } = first; next !== null; ) {
    const page: RevealPage = await pageOf(place, { ...(isRecord ? ask : (other ?? ask)), begin: next }, token);
    if (isRecord) whole = joined(whole, page);
    else yield page;
    next = page.next;
  }
  if (isRecord) yield whole;
}

const joined = (one: RevealPage, other: RevealPage): RevealPage => ({
  ...one,
  originals: one.originals.map((original, at) => {
    const { request = null, response = null, recordedAs = "" } = other.originals[at] ?? {};
    return {
      ...original,
      recordedAs: `${original.recordedAs}, ${recordedAs}`,
      request: original.request === null ? null : original.request + (request ?? ""),
      response: original.response === null ? null : original.response + (response ?? ""),
    };
  }),
});

const pageOf = (place: Place, ask: Ask, token: string | undefined) =>
  callApi<RevealPage>(place, "/audit/reveal", token, ask).catch((cause: unknown) => {
    throw told(cause, ask);
  });

/** Where somebody else has to agree first: what to run once they have. The times are named, for it is these that they agree to. */
function told(cause: unknown, { search, from, to }: Ask): unknown {
  const message = cause instanceof Error ? cause.message : "";
  const [, approval] = /^pending approval ([a-z2-7]{26}):/.exec(message) ?? [];
  if (approval === undefined) return cause;
  const more = [
    ...(from === undefined ? [] : [`--from ${from} --to ${to}`]),
    ...(search === undefined ? [] : [`--approval ${approval}`]),
  ];
  const also = more.length === 0 ? "" : `, and ${more.join(" ")}`;
  return new Error(`${message}\nOnce they have, run the same again with the same reason${also}.`, { cause });
}
