import { memo, useEffect, useState } from "react";
import type { Approval } from "../api/read-approval.ts";
import { Notice } from "../app/notice.tsx";
import { fragmentOf } from "../app/place.ts";
import { RoomTitle } from "../app/room-title.tsx";
import { useSession } from "../app/session.ts";
import { usePolled } from "../app/use-polled.ts";
import { Shown } from "../text/shown.tsx";
import { FINAL } from "../text/words.ts";
import { CallView } from "./call-view.tsx";
import { DecisionPanel } from "./decision-panel.tsx";
import { Decisions } from "./decisions.tsx";
import { EarlierDecisions } from "./earlier-decisions.tsx";
import { Standing } from "./standing.tsx";

const POLL_SECONDS = 3;

/** One approval: what is asked, where it stands, and the decision. Showing it changes nothing. */
export default function ApprovalRoom({ id }: { id: string }) {
  const { api, signInAgain } = useSession();
  const polled = usePolled(
    id,
    POLL_SECONDS,
    () => api.get(id),
    ({ status }) => FINAL.has(status),
  );
  const approval = useUnchanged(polled.value);
  const [revealed, setRevealed] = useState<string>();
  const trouble = polled.failure && <Notice failure={polled.failure} signIn={signInAgain} retry={polled.refresh} />;
  if (approval === undefined || polled.value === undefined)
    return (
      <>
        <RoomTitle tab="Approval">{polled.failure ? "Approval" : "Loading the approval…"}</RoomTitle>
        {trouble}
      </>
    );
  return (
    <article>
      <p className="back">
        <a href={fragmentOf({ name: "inbox", view: "waiting" })}>Inbox</a>
      </p>
      <Title approval={approval} />
      <Standing approval={polled.value} onTimeUp={polled.refresh} />
      {trouble}
      <div className="columns">
        <div>
          <CallView approval={approval} revealed={revealed} />
          <EarlierDecisions approval={approval} />
        </div>
        <div className="side">
          <DecisionPanel approval={polled.value} revealed={revealed} onReveal={setRevealed} onChange={polled.refresh} />
          <Decisions approval={polled.value} />
        </div>
      </div>
    </article>
  );
}

const Title = memo(function Title({ approval }: { approval: Approval }) {
  const { kind, requester, tool, method, server } = approval;
  const target = tool || method;
  const tab =
    kind === "access" ? `Access to ${server}` : kind === "reveal" ? `Original of ${target}` : `${target} on ${server}`;
  return (
    <RoomTitle key={approval.id} tab={tab}>
      {kind === "review" ? (
        <>
          <Shown text={requester.name} /> ran <Shown text={target} /> on <Shown text={server} /> without waiting for
          consent
        </>
      ) : (
        <>
          <Shown text={requester.name} /> asks {ASKS[kind]}
          {kind === "call" && (
            <>
              <Shown text={target} /> on{" "}
            </>
          )}
          <Shown text={kind === "reveal" ? target : server} />
        </>
      )}
    </RoomTitle>
  );
});

const ASKS = { call: "to run ", access: "for access to ", reveal: "to see the original of " };

/** The same object as long as what it shows is the same, so that a long call is not drawn again with every answer. */
function useUnchanged(latest: Approval | undefined): Approval | undefined {
  const [drawn, setDrawn] = useState(latest);
  const same = drawn && latest && drawn.id === latest.id && JSON.stringify(drawn) === JSON.stringify(latest);
  useEffect(() => {
    if (!same) setDrawn(latest);
  }, [same, latest]);
  return same ? drawn : latest;
}
