import Badge from "@cloudscape-design/components/badge";
import LiveRegion from "@cloudscape-design/components/live-region";
import { memo, useEffect, useRef } from "react";
import type { Approval } from "../api/read-approval.ts";
import { Facts } from "../app/facts.tsx";
import { Panel } from "../app/panel.tsx";
import { fragmentOf } from "../app/place.ts";
import { useSession } from "../app/session.ts";
import { ArgumentTree } from "../text/argument-tree.tsx";
import { FoldedText } from "../text/folded-text.tsx";
import { Shown } from "../text/shown.tsx";
import { momentOf } from "../text/words.ts";
import { AccessView } from "./access-view.tsx";
import { isOfName } from "./is-of-name.ts";
import { Reasons } from "./reasons.tsx";

/**
 * What is asked: who, what, with which arguments, why it needs consent.
 *
 * @param revealed the arguments in clear, once they were asked for
 */
export const CallView = memo(function CallView({
  approval,
  revealed,
}: {
  approval: Approval;
  revealed?: string | undefined;
}) {
  const { requester, agent, attempt, kind, tool, method } = approval;
  const named = approval.risks.filter((risk) => isOfName(risk, tool)).map(({ match }) => match);
  const agentName = [agent.name, agent.version].filter(Boolean).join(" ");
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The button that asked for them is gone, and on a phone they are far above it.
    if (revealed !== undefined) heading.current?.focus();
  }, [revealed]);
  return (
    <>
      <Panel title="Who asks">
        <Facts
          items={[
            [requester.kind === "user" ? "Person" : "Workload", <Shown key="name" text={requester.name} />],
            ["Identity", <Identity key="id" id={requester.id} />],
            requester.initiator !== null && ["Started by", <Shown key="by" text={requester.initiator} />],
            ["Client", requester.client ? <Shown key="client" text={requester.client} /> : "not named by the token"],
            agentName !== "" && ["Agent", <OwnWord key="agent" text={agentName} />],
            ["Asked", momentOf(approval.createdAt)],
            attempt > 1 && ["Attempt", `${attempt}: the same call has asked before`],
          ]}
        />
      </Panel>
      <Panel title={TITLES[kind]}>
        <Facts
          items={[
            kind !== "reveal" && ["Server", <Shown key="server" text={approval.server} />],
            tool !== "" &&
              kind !== "access" && [
                method === "tools/call" ? "Tool" : "Target",
                <Shown key="tool" text={tool} matches={named} />,
              ],
            method !== "tools/call" && kind !== "reveal" && ["Method", <Shown key="method" text={method} />],
          ]}
        />
        {approval.description !== null && approval.description !== "" && (
          <>
            <h3>What the server says of this tool</h3>
            <p className="prose">
              <FoldedText text={approval.description} matches={named} />
            </p>
          </>
        )}
        {approval.breakGlass !== null && (
          <>
            <h3>Why it did not wait for consent</h3>
            <blockquote>
              <Shown text={approval.breakGlass} />
            </blockquote>
          </>
        )}
        {approval.access && <AccessView access={approval.access} />}
        {kind !== "access" && (
          <>
            <h3 ref={heading} tabIndex={-1}>
              {kind === "reveal" ? "What is asked for, and why" : "Arguments"}{" "}
              {revealed !== undefined && <Badge color="severity-medium">revealed</Badge>}
            </h3>
            <LiveRegion hidden>{revealed !== undefined && "The arguments are revealed."}</LiveRegion>
            <ArgumentTree
              text={revealed ?? approval.arguments}
              marks={approval.risks.filter((risk) => !isOfName(risk, tool))}
            />
          </>
        )}
      </Panel>
      <Reasons approval={approval} />
    </>
  );
});

/** Who it is for the gateway, with the way to block them for those who may. */
function Identity({ id }: { id: string }) {
  const { me } = useSession();
  return (
    <>
      <Shown text={id} />{" "}
      {me?.mayBlock && <a href={fragmentOf({ name: "access", tab: "block", principal: id })}>Block…</a>}
    </>
  );
}

const TITLES = {
  call: "What would run",
  access: "What would be opened",
  review: "What ran",
  reveal: "What would be shown unmasked",
};

/** What a program says of itself: nothing proves it. */
function OwnWord({ text }: { text: string }) {
  return (
    <>
      <Shown text={text} /> <span className="soft">(self-reported, not verified)</span>
    </>
  );
}
