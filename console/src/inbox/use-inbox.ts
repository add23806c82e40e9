import { useRef, useState } from "react";
import type { View } from "../api/api.ts";
import type { Summary } from "../api/approval.ts";
import { type Failure, failureOf } from "../app/failure.ts";
import { useSession } from "../app/session.ts";
import { usePolled } from "../app/use-polled.ts";

/** Seconds between questions; every page that is open is asked for again, so many pages are asked for less often. */
const OFTEN = 5;
const SELDOM = 20;
/** Pages that are asked for at once while they hold nothing: a page can be empty and go on. Somebody waits for one view alone. */
const MOST_EMPTY: Readonly<Record<View, number>> = { waiting: 10, decided: 2, mine: 2, all: 2 };

interface Rows {
  readonly rows: readonly Summary[];
  /** Where the next page begins; null after the last one. */
  readonly cursor: string | null;
}

/** The rows of a view, those that wait first, kept up to date. */
export function useInbox(view: View) {
  const { api } = useSession();
  /** Pages that were asked for, and those that the last answer is made of. */
  const pages = useRef(1);
  const loaded = useRef(1);
  const [added, setAdded] = useState<Rows>();
  const [loading, setLoading] = useState(false);
  const [refusal, setRefusal] = useState<Failure>();

  const read = async (from: string | null, least: number) => {
    let rows: Rows = { rows: [], cursor: from };
    let count = 0;
    do {
      rows = together(rows, await api.list(view, rows.cursor ?? undefined));
      count += 1;
    } while (rows.cursor !== null && (count < least || (rows.rows.length === 0 && count < MOST_EMPTY[view])));
    return { rows, count };
  };

  const polled = usePolled<Rows>(`inbox/${view}`, loaded.current > 1 ? SELDOM : OFTEN, async () => {
    const wanted = pages.current;
    const { rows, count } = await read(null, wanted);
    // A page that was added meanwhile is not in this answer.
    if (wanted === pages.current) {
      loaded.current = count;
      setAdded(undefined);
    }
    return rows;
  });
  const all =
    added && polled.value ? together(polled.value, { approvals: added.rows, cursor: added.cursor }) : polled.value;

  const loadMore = () => {
    if (!all?.cursor) return;
    setLoading(true);
    read(all.cursor, 1)
      .then(({ rows, count }) => {
        loaded.current += count;
        pages.current = loaded.current;
        setRefusal(undefined);
        setAdded(together(added ?? { rows: [], cursor: null }, { approvals: rows.rows, cursor: rows.cursor }));
      })
      .catch((error: unknown) => setRefusal(failureOf(error)))
      .finally(() => setLoading(false));
  };

  return {
    rows: all && arranged(all.rows),
    more: typeof all?.cursor === "string",
    failure: polled.failure ?? refusal,
    refresh: polled.refresh,
    loadMore,
    loading,
  };
}

/** Rows of two pages; what both hold is as the later one says. */
function together(before: Rows, page: { approvals: readonly Summary[]; cursor: Rows["cursor"] }): Rows {
  const rows = new Map([...before.rows, ...page.approvals].map((row) => [row.id, row]));
  return { rows: [...rows.values()], cursor: page.cursor };
}

function arranged(rows: readonly Summary[]): readonly Summary[] {
  const waits = ({ status }: Summary) => Number(status === "PENDING");
  return rows.toSorted(
    (a, b) => waits(b) - waits(a) || (waits(a) ? a.deadline - b.deadline : b.createdAt - a.createdAt),
  );
}
