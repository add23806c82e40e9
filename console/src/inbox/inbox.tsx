import Button from "@cloudscape-design/components/button";
import LiveRegion from "@cloudscape-design/components/live-region";
import { useState } from "react";
import type { View } from "../api/api.ts";
import type { Summary } from "../api/approval.ts";
import { Notice } from "../app/notice.tsx";
import { fragmentOf } from "../app/place.ts";
import { RoomTabs } from "../app/room-tabs.tsx";
import { RoomTitle } from "../app/room-title.tsx";
import { useNow, useSession } from "../app/session.ts";
import { InboxRow } from "./inbox-row.tsx";
import { useInbox } from "./use-inbox.ts";

const VIEWS: readonly { readonly id: View; readonly label: string; readonly empty: string }[] = [
  { id: "waiting", label: "Waiting for me", empty: "Nothing waits for you." },
  { id: "decided", label: "Decided by me", empty: "You have decided nothing yet." },
  { id: "mine", label: "Asked by me", empty: "You have asked for nothing yet." },
  { id: "all", label: "All", empty: "There is nothing that you may see." },
];
/** More rows than this are drawn only when asked for. */
const DRAWN_AT_ONCE = 100;

/** The approvals that concern this person. */
export default function Inbox({ view }: { view: View }) {
  const { empty, label } = VIEWS.find(({ id }) => id === view) ?? { empty: "", label: "" };
  return (
    <>
      <RoomTitle tab="Inbox">Inbox</RoomTitle>
      <RoomTabs
        label="Which approvals"
        active={view}
        tabs={VIEWS.map((each) => ({ ...each, href: fragmentOf({ name: "inbox", view: each.id }) }))}
      />
      <Rows key={view} view={view} label={label} empty={empty} />
    </>
  );
}

/** The time that a row shows: to the minute where hours are left, so that a thousand rows need no drawing every second. */
function clockFor({ status, deadline }: Summary, now: number): number {
  if (status !== "PENDING") return 0;
  return deadline - now > 3_600_000 ? Math.floor(now / 60_000) * 60_000 : now;
}

function Rows({ view, label, empty }: { view: View; label: string; empty: string }) {
  const { signInAgain } = useSession();
  const { rows, more, failure, loadMore, loading, refresh } = useInbox(view);
  const [drawn, setDrawn] = useState(DRAWN_AT_ONCE);
  const now = useNow();
  const nothing = more ? "Nothing was found so far. There is more to look through." : empty;
  const next = () => {
    setDrawn(drawn + DRAWN_AT_ONCE);
    if (rows !== undefined && rows.length < drawn + DRAWN_AT_ONCE && more) loadMore();
  };
  return (
    <>
      {failure && <Notice failure={failure} signIn={signInAgain} retry={refresh} />}
      {rows === undefined && !failure && <p role="status">Loading…</p>}
      {rows?.length === 0 && <p className="nothing">{nothing}</p>}
      {rows !== undefined && rows.length > 0 && (
        <ul className="rows" aria-label={label}>
          {rows.slice(0, drawn).map((row) => (
            <InboxRow key={row.id} row={row} now={clockFor(row, now)} />
          ))}
        </ul>
      )}
      {rows !== undefined && (more || rows.length > drawn) && (
        <p className="more">
          <Button onClick={next} loading={loading} loadingText="Loading more">
            Show more
          </Button>
          <span className="soft">{Math.min(drawn, rows.length)} shown</span>
        </p>
      )}
      {view === "waiting" && rows !== undefined && (
        <LiveRegion hidden>
          {rows.length === 0 ? nothing : `${rows.length}${more ? " or more" : ""} waiting for you`}
        </LiveRegion>
      )}
    </>
  );
}
