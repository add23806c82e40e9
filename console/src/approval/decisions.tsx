import type { Approval } from "../api/read-approval.ts";
import { Panel } from "../app/panel.tsx";
import { Shown } from "../text/shown.tsx";
import { momentOf } from "../text/words.ts";

/** Who has said what so far, against how many must agree. */
export function Decisions({ approval }: { approval: Approval }) {
  const { decisions, quorum, approvals, withdrawn, kind } = approval;
  if (decisions.length === 0 && quorum === 1 && withdrawn === null) return null;
  const words =
    kind === "review" ? { approve: "acknowledged it", deny: "objected" } : { approve: "approved", deny: "denied" };
  return (
    <Panel title="Decisions" note={quorum > 1 ? `${approvals} of ${quorum} approvals; one denial denies` : undefined}>
      {decisions.length === 0 && withdrawn === null && <p>Nobody has decided yet.</p>}
      <ul className="plain decisions">
        {decisions.map(({ by, verdict, reason, at }) => (
          <li key={`${by} ${at}`}>
            <strong>
              <Shown text={by} />
            </strong>{" "}
            {words[verdict]}, {momentOf(at)}
            {reason !== "" && (
              <blockquote>
                <Shown text={reason} />
              </blockquote>
            )}
          </li>
        ))}
        {withdrawn && (
          <li>
            <strong>
              <Shown text={withdrawn.by} />
            </strong>{" "}
            withdrew it, {momentOf(withdrawn.at)}
            {withdrawn.reason && (
              <blockquote>
                <Shown text={withdrawn.reason} />
              </blockquote>
            )}
          </li>
        )}
      </ul>
    </Panel>
  );
}
