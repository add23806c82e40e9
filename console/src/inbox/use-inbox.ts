import { useRef, useState } from "react";
import type { View } from "../api/api.ts";
import type { Summary } from "../api/approval.ts";
import { type Failure, failureOf } from "../app/failure.ts";
import { useSession } from "../app/session.ts";
import { usePolled } from "../app/use-polled.ts";

/** Seconds between questions; every page that is open is asked for again, so many pages are asked for less often. */
const OFTEN = 5;
const SELDOM = 20;

interface Rows {
  readonly rows: readonly Summary[];
  /** Where the next page begins; null after the last one. */
  readonly cursor: string | null;
}

/** The rows of a view, those that wait first, kept up to date. */
export function useInbox(view: View) {
  const { api } = useSession();
  const pages = useRef(1);
  const [added, setAdded] = useState<Rows>();
  const [loading, setLoading] = useState(false);
  const [refusal, setRefusal] = useState<Failure>();

  const polled = usePolled<Rows>(`inbox/${view}`, pages.current > 1 ? SELDOM : OFTEN, async () => {
    let rows: Rows = { rows: [], cursor: null };
    const wanted = pages.current;
    for (let page = 0; page < wanted && (page === 0 || rows.cursor); page++)
      rows = together(rows, await api.list(view, rows.cursor ?? undefined));
    // A page that was added meanwhile is not in this answer.
    if (wanted === pages.current) setAdded(undefined);
    return rows;
  });
  const all =
    added && polled.value ? together(polled.value, { approvals: added.rows, cursor: added.cursor }) : polled.value;

  const loadMore = () => {
    if (!all?.cursor) return;
    setLoading(true);
    api
      .list(view, all.cursor)
      .then((page) => {
        pages.current += 1;
        setRefusal(undefined);
        setAdded(together(added ?? { rows: [], cursor: null }, page));
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
