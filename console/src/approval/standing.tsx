import LiveRegion from "@cloudscape-design/components/live-region";
import { useEffect } from "react";
import type { Approval } from "../api/read-approval.ts";
import { useNow } from "../app/session.ts";
import { StatusBadge } from "../app/status-badge.tsx";
import { lengthOf, momentOf, statusWords } from "../text/words.ts";

/** Minutes before the end at which a screen reader hears of it. */
const WARN_AT = [5, 1];

/** Where the approval stands, and the time that is left. @param onTimeUp called when the time has run out */
export function Standing({ approval, onTimeUp }: { approval: Approval; onTimeUp: () => void }) {
  const { status, kind, quorum, approvals } = approval;
  const count = quorum > 1 ? ` ${approvals} of ${quorum} approvals so far.` : "";
  return (
    <div className="standing">
      <LiveRegion>
        <StatusBadge status={status} kind={kind} /> <span>{statusWords(status, kind).meaning + count}</span>
      </LiveRegion>
      {status === "PENDING" && <Clock deadline={approval.deadline} onTimeUp={onTimeUp} />}
    </div>
  );
}

/** It stands outside the live region: read aloud every second it would drown everything else. */
function Clock({ deadline, onTimeUp }: { deadline: number; onTimeUp: () => void }) {
  const left = deadline - useNow();
  const over = left <= 0;
  useEffect(() => {
    if (over) onTimeUp();
  }, [over, onTimeUp]);
  const warning = WARN_AT.findLast((minutes) => left <= minutes * 60_000);
  return (
    <>
      <p className={warning === undefined ? "clock" : "clock hurry"}>
        {over ? "Its time is up." : `${lengthOf(left)} left to decide, until ${momentOf(deadline)}`}
      </p>
      <LiveRegion hidden>
        {over ? "Its time is up." : warning ? `Less than ${warning} min left to decide` : ""}
      </LiveRegion>
    </>
  );
}
