import { memo } from "react";
import type { Approval, PastDecision } from "../api/read-approval.ts";
import { Panel } from "../app/panel.tsx";
import { fragmentOf } from "../app/place.ts";
import { StatusBadge } from "../app/status-badge.tsx";
import { Shown } from "../text/shown.tsx";
import { momentOf } from "../text/words.ts";

/** How this very call, and calls like it, were decided before. */
export const EarlierDecisions = memo(function EarlierDecisions({ approval }: { approval: Approval }) {
  const { earlier, similar } = approval;
  if (earlier.length === 0 && similar.length === 0) return null;
  return (
    <Panel title="Before this">
      {earlier.length > 0 && <Past title="Earlier attempts of this very call" items={earlier} />}
      {similar.length > 0 && <Past title="The last decisions on this tool" items={similar} />}
    </Panel>
  );
});

function Past({ title, items }: { title: string; items: readonly PastDecision[] }) {
  return (
    <>
      <h3>{title}</h3>
      <ul className="plain past">
        {items.map(({ id, kind, status, at, by, requesterName, reason }) => (
          <li key={id}>
            <StatusBadge status={status} kind={kind} />{" "}
            <a href={fragmentOf({ name: "approval", id })}>
              {momentOf(at)}
              {requesterName && (
                <>
                  , asked by <Shown text={requesterName} />
                </>
              )}
            </a>
            {by && (
              <span className="soft">
                {" "}
                decided by <Shown text={by} />
              </span>
            )}
            {reason && (
              <blockquote>
                <Shown text={reason} />
              </blockquote>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
