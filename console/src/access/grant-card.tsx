import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import type { Grant } from "../api/grant.ts";
import { ConstraintList } from "../app/constraint-list.tsx";
import { Facts } from "../app/facts.tsx";
import { APPROVAL_ID, fragmentOf } from "../app/place.ts";
import { ReasonedAction } from "../app/reasoned-action.tsx";
import { useSession } from "../app/session.ts";
import { Shown } from "../text/shown.tsx";
import { lengthOf, momentOf } from "../text/words.ts";

interface GrantCardProps {
  readonly grant: Grant;
  /** By the server's clock. */
  readonly now: number;
  readonly withPrincipal: boolean;
  readonly onEnded: () => void;
}

/** One grant: what it opens, until when, who agreed, and its end. */
export function GrantCard({ grant, now, withPrincipal, onEnded }: GrantCardProps) {
  const { api, me } = useSession();
  const active = grant.status === "ACTIVE" && grant.expiresAt > now;
  const block = fragmentOf({ name: "access", tab: "block", principal: grant.principal });
  return (
    <Container
      header={
        <Header variant="h2" description={<span className="clock">{until(grant, now, active)}</span>}>
          <Shown text={grant.tools.join(", ")} /> on <Shown text={grant.server} />
        </Header>
      }
    >
      <Facts
        items={[
          withPrincipal && [
            "For",
            <span key="for">
              <Shown text={grant.principalName} />{" "}
              <span className="soft">
                <Shown text={grant.principal} /> {me?.mayBlock && <a href={block}>Block…</a>}
              </span>
            </span>,
          ],
          [
            "Arguments",
            grant.sameArguments ? (
              "the same as in the call that was approved"
            ) : (
              <ConstraintList key="limits" constraint={grant.constraint} />
            ),
          ],
          ["Used", used(grant)],
          ["Reason", <Shown key="reason" text={grant.reason} />],
          ["Agreed by", <Approvers key="by" grant={grant} />],
          !active &&
            grant.endedBy !== null && [
              "Ended by",
              <span key="ended">
                <Shown text={grant.endedBy} />
                {grant.endReason && (
                  <>
                    : <Shown text={grant.endReason} />
                  </>
                )}
                {grant.endedAt !== null && `, ${momentOf(grant.endedAt)}`}
              </span>,
            ],
        ]}
      />
      {active && grant.mayEnd && (
        <div className="actions">
          <ReasonedAction
            label="End this access"
            reasonRequired={false}
            consequence="It ends at once, also for calls that wait. The reason is recorded with your name."
            draft={`end.${grant.id}`}
            act={async (reason) => {
              await api.endGrant(grant.id, reason);
              onEnded();
            }}
          />
        </div>
      )}
    </Container>
  );
}

function Approvers({ grant: { approvedBy, approval } }: { grant: Grant }) {
  const names = <Shown text={approvedBy.join(", ") || "policy"} />;
  return APPROVAL_ID.test(approval) ? <a href={fragmentOf({ name: "approval", id: approval })}>{names}</a> : names;
}

function until({ session, expiresAt, endedAt }: Grant, now: number, active: boolean): string {
  if (!active) return `Ended ${momentOf(endedAt ?? expiresAt)}`;
  const left = `${lengthOf(expiresAt - now)} left, until ${momentOf(expiresAt)}`;
  return session ? `${left} or the end of the session` : left;
}

function used({ uses, usesLeft, lastUsedAt }: Grant): string {
  const times = uses === 1 ? "once" : `${uses} times`;
  const last = lastUsedAt === null ? "" : `, last ${momentOf(lastUsedAt)}`;
  return (uses === 0 ? "never" : times) + last + (usesLeft === null ? "" : `; ${usesLeft} left`);
}
