import ExpandableSection from "@cloudscape-design/components/expandable-section";
import LiveRegion from "@cloudscape-design/components/live-region";
import { useState } from "react";
import type { Grant } from "../api/grant.ts";
import { Notice } from "../app/notice.tsx";
import { useNow, useSession } from "../app/session.ts";
import { usePolled } from "../app/use-polled.ts";
import { GrantCard } from "./grant-card.tsx";

const POLL_SECONDS = 10;

/** Grants, those that are in force first. @param all everybody's, which approvers may see */
export function GrantList({ all }: { all: boolean }) {
  const { api, signInAgain } = useSession();
  const now = useNow();
  const [said, setSaid] = useState("");
  const { value, failure, refresh } = usePolled(all ? "grants/all" : "grants", POLL_SECONDS, () => api.grants(all));
  const inForce = value?.filter((grant) => isActive(grant, now)) ?? [];
  const ended = value?.filter((grant) => !isActive(grant, now)) ?? [];
  const cards = (grants: readonly Grant[]) => (
    <ul className="cards">
      {grants.map((grant) => (
        <li key={grant.id}>
          <GrantCard
            grant={grant}
            now={now}
            withPrincipal={all}
            onEnded={() => {
              setSaid("The access has ended.");
              refresh();
            }}
          />
        </li>
      ))}
    </ul>
  );
  return (
    <>
      {failure && <Notice failure={failure} signIn={signInAgain} retry={refresh} />}
      <LiveRegion hidden>{said}</LiveRegion>
      {value === undefined && !failure && <p role="status">Loading…</p>}
      {value !== undefined && inForce.length === 0 && (
        <p className="nothing">
          {all ? "No access is in force." : "You have no access beyond what policy allows anyway."}
        </p>
      )}
      {inForce.length > 0 && cards(inForce)}
      {ended.length > 0 && (
        <ExpandableSection headerText={`Ended (${ended.length})`} headingTagOverride="h2">
          {cards(ended)}
        </ExpandableSection>
      )}
    </>
  );
}

const isActive = ({ status, expiresAt }: Grant, now: number) => status === "ACTIVE" && expiresAt > now;
