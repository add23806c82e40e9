import { memo } from "react";
import type { Summary } from "../api/approval.ts";
import { fragmentOf } from "../app/place.ts";
import { StatusBadge } from "../app/status-badge.tsx";
import { Shown } from "../text/shown.tsx";
import { lengthOf, momentOf } from "../text/words.ts";

/** Whoever has less time than this left sees it marked, in milliseconds. */
const HURRY = 5 * 60_000;

/** What stands before what was asked for. */
const BEFORE = { call: "", access: "Access to ", review: "Review of ", reveal: "Original of " };

/** One line of the inbox. @param now by the server's clock; for rows that wait only */
export const InboxRow = memo(function InboxRow({ row, now }: { row: Summary; now: number }) {
  const { id, status, kind, requesterName, requesterId, requesterKind, server, tool, method, createdAt, deadline } =
    row;
  const left = deadline - now;
  return (
    <li>
      <a href={fragmentOf({ name: "approval", id })}>
        <span className="what">
          {BEFORE[kind]}
          <Shown text={tool || method} />
          {kind !== "reveal" && (
            <>
              {" on "}
              <Shown text={server} />
            </>
          )}
        </span>
        <span className="who">
          {requesterKind === "workload" && "workload "}
          <Shown text={requesterName} />{" "}
          <span className="soft">
            <Shown text={requesterId} />
          </span>
          , {momentOf(createdAt)}
        </span>
        <span className="how">
          <StatusBadge status={status} kind={kind} />
        </span>
        <span className={status === "PENDING" && left < HURRY ? "left hurry" : "left"}>
          {status === "PENDING" && (left > 0 ? `${lengthOf(left)} left` : "time is up")}
        </span>
      </a>
    </li>
  );
});
