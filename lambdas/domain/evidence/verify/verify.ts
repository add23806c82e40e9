import type { KeyObject } from "node:crypto";
import { arrivalHour } from "../archive-object.ts";
import { HOUR, hourOf, hourOfKey } from "../digest.ts";
import { DIGESTS, KEYS } from "../prefixes.ts";
import { type Sealed, soundDigests } from "./digests.ts";
import { Lanes } from "./lanes.ts";
import { checkListed, checkUnlisted, type Examination } from "./objects.ts";
import { type Counts, type Finding, OUTCOMES, Tally } from "./outcome.ts";
import { Quarantines } from "./quarantined.ts";
import { hashOf, type Source } from "./source.ts";

export interface VerifyOptions {
  readonly masked: Source;
  /** Null when only the masked vault is at hand. */
  readonly sealed: Source | null;
  /** Public keys that are trusted, whatever the vault says of them. */
  readonly keys: readonly KeyObject[];
  /** Milliseconds: the first hour whose digest a key may sign. @default from ever */
  readonly validFrom?: ReadonlyMap<KeyObject, number>;
  /** Milliseconds: begin with this hour's digest; null for the first ever written. */
  readonly from: number | null;
  /** Milliseconds: every hour that ended by then must have its digest; null for as far as they go. */
  readonly until: number | null;
  /** Hears how many of the listed objects are done. */
  readonly progress?: (done: number, total: number) => void;
}

export interface Verdict {
  /** Whether nothing was found that should not be. */
  readonly ok: boolean;
  readonly counts: Counts;
  /** At most a thousand by name. */
  readonly findings: readonly Finding[];
  readonly covers: {
    /** RFC 3339: first and last hour that sound digests vouch for; null when there is none. */
    readonly from: string | null;
    readonly until: string | null;
    readonly records: number;
    /** Bytes of lines and bodies that were read. */
    readonly bytes: number;
    readonly writers: number;
    readonly bothVaults: boolean;
  };
  /** Objects that came after the last digest: the next one will seal them. */
  readonly notYetSealed: readonly string[];
  /** Files that are no part of the evidence. */
  readonly foreign: readonly string[];
  readonly cannotProve: readonly string[];
}

/** Checks everything that the vaults hold against the signed digests, and each record against its writer's chain. */
export async function verifyEvidence(options: VerifyOptions): Promise<Verdict> {
  const { masked, sealed, keys, validFrom = new Map(), from, until, progress = () => undefined } = options;
  const tally = new Tally();
  const lanes = new Lanes(keys, tally);
  const quarantines = new Quarantines();
  const seen = { records: 0, bytes: 0 };
  const examination: Examination = { masked, sealed, lanes, quarantines, tally, lost: new Map(), seen };

  const names = await sortedOut(masked);
  const begin = from === null ? null : hourOf(from);
  const hours = names.hours.filter((hour) => begin === null || hour >= begin);
  const span = {
    hours,
    from: begin,
    others: hours.length < names.hours.length,
    until: until === null ? null : hourOf(until) - HOUR,
  };
  const listed = new Set<string>();
  const sound: number[] = [];
  for await (const sealing of soundDigests(masked, { keys, validFrom }, span, tally)) {
    sound.push(sealing.hour);
    await checkHour(sealing, sealing.hour !== hours.at(-1), listed, examination);
    progress(listed.size, names.archived.length);
  }
  const notYetSealed = await checkRest(names, listed, sound.at(-1), begin, examination);
  for (const key of examination.lost.values()) tally.find("objects", "missing", key, "a digest lists it");
  lanes.finish(from === null);
  quarantines.finish(tally);
  countRecords(tally, examination.seen.records);

  return {
    ok: tally.findings.length === 0,
    counts: tally.counts,
    findings: tally.findings,
    covers: {
      from: isoOf(sound[0]),
      until: isoOf(sound.at(-1)),
      ...examination.seen,
      writers: lanes.size,
      bothVaults: sealed !== null,
    },
    notYetSealed,
    foreign: names.foreign,
    cannotProve: limits(options, { waiting: notYetSealed.length, quarantined: quarantines.size }, lanes),
  };
}

const isoOf = (hour: number | undefined) => (hour === undefined ? null : new Date(hour).toISOString());

async function checkHour(
  { contents }: Sealed,
  settled: boolean,
  listed: Set<string>,
  examination: Examination,
): Promise<void> {
  for (const object of contents.objects) {
    // Two digests may list an object that was noted twice.
    if (listed.has(object.key)) continue;
    listed.add(object.key);
    await checkListed(object, settled, examination);
  }
}

interface Names {
  readonly hours: readonly number[];
  readonly archived: readonly string[];
  readonly foreign: readonly string[];
}

async function sortedOut(source: Source): Promise<Names> {
  const [hours, archived, foreign]: [number[], string[], string[]] = [[], [], []];
  for await (const key of source.list()) {
    const hour = hourOfKey(key);
    if (hour !== undefined) hours.push(hour);
    else if (ARCHIVED.test(key)) archived.push(key);
    else if (!KNOWN.some((pattern) => pattern.test(key))) foreign.push(key);
  }
  return { hours: hours.sort((a, b) => a - b), archived: archived.sort(), foreign: foreign.sort() };
}

const ARCHIVED = /^transcripts\/dt=\d{4}-\d{2}-\d{2}\/hh=\d{2}\/[^/]+\.jsonl\.gz$/;
const KNOWN = [
  new RegExp(`^${DIGESTS}dt=\\d{4}-\\d{2}-\\d{2}/hh=\\d{2}/contents-[0-9a-f]{64}\\.json\\.gz$`),
  new RegExp(`^${KEYS}[0-9a-f]+\\.json\\.gz$`),
  /^bodies\//,
];

/**
 * What no digest lists: an object that lies in another place, one that waits for the next digest, or one that should have
 * been sealed. @returns those that wait
 */
async function checkRest(
  names: Names,
  listed: Set<string>,
  lastHour: number | undefined,
  from: number | null,
  examination: Examination,
) {
  const { masked, tally, lost } = examination;
  const waiting: string[] = [];
  // Another file matters only where something is missing, which it may be.
  for (const key of [...names.archived, ...(lost.size > 0 ? names.foreign : [])]) {
    if (listed.has(key)) continue;
    const hour = ARCHIVED.test(key) ? arrivalHour(key) : undefined;
    if (from !== null && hour !== undefined && hour < from) continue;
    const bytes = await masked.read(key);
    if (bytes === undefined) continue;
    const moved = lost.get(hashOf(bytes));
    if (moved !== undefined) {
      lost.delete(hashOf(bytes));
      tally.find("objects", "moved", moved, `it lies at ${key}`);
      await checkUnlisted(key, bytes, examination);
    } else if (hour !== undefined) {
      // What arrives in an hour is noted in it or in the next, so two digests later it is sealed.
      const late = lastHour !== undefined && hour < lastHour - HOUR;
      if (late) tally.find("objects", "unsealed", key, "no digest lists it, and later ones were written");
      else {
        waiting.push(key);
        tally.add("objects", "unsealed");
      }
      await checkUnlisted(key, bytes, examination);
    }
  }
  return waiting;
}

/** A record is counted as ok when nothing was found of it. */
function countRecords(tally: Tally, seen: number): void {
  const { records } = tally.counts;
  const found = OUTCOMES.filter((outcome) => outcome === "altered" || outcome === "bad-signature");
  tally.add("records", "ok", Math.max(0, seen - found.reduce((sum, outcome) => sum + records[outcome], 0)));
}

function limits(
  { from, until, sealed }: VerifyOptions,
  { waiting, quarantined }: { readonly waiting: number; readonly quarantined: number },
  { openedEarlier, awaited }: Lanes,
): string[] {
  return [
    "that what the gateway wrote was true when it wrote it: whoever controls its code controls what it says",
    "anything after the last digest: what was there and is gone leaves no trace",
    ...(until === null ? ["that the last digest here is the last one written: say --until"] : []),
    ...(from === null ? [] : ["anything before --from"]),
    ...(sealed === null ? ["anything about the sealed vault: only the masked one was read"] : []),
    ...(quarantined === 0
      ? []
      : [
          `what ${quarantined} quarantined records said: newly masked copies stand in their places, as signed orders say, and only the hashes of the originals were checked`,
        ]),
    ...(waiting === 0 ? [] : [`that the ${waiting} objects that no digest lists yet are all that there were`]),
    ...(awaited === 0
      ? []
      : [
          `that ${awaited} numbers of writers which are not here were ever used: they may arrive yet, or lie before --from`,
        ]),
    ...(openedEarlier === 0
      ? []
      : [`who wrote ${openedEarlier} records beyond what the digest says: their writers opened before --from`]),
  ];
}
