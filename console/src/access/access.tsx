import { lazy, Suspense } from "react";
import { type AccessTab, fragmentOf } from "../app/place.ts";
import { RoomTabs } from "../app/room-tabs.tsx";
import { RoomTitle } from "../app/room-title.tsx";
import { type Session, useSession } from "../app/session.ts";
import { BlockForm } from "./block-form.tsx";
import { GrantList } from "./grant-list.tsx";

const AskForm = lazy(() => import("./ask-form.tsx"));

/** Temporary permissions: one's own, asking for one ahead, and for approvers everybody's. */
export default function Access({ tab, principal }: { tab: AccessTab; principal?: string | undefined }) {
  const session = useSession();
  const tabs = tabsOf(session);
  const open = tabs.some(({ id }) => id === tab) ? tab : "mine";
  return (
    <>
      <RoomTitle tab="Access">Access</RoomTitle>
      <RoomTabs
        label="What to see of access"
        active={open}
        tabs={tabs.map((each) => ({ ...each, href: fragmentOf({ name: "access", tab: each.id }) }))}
      />
      {open === "mine" && <GrantList all={false} />}
      {open === "ask" && (
        <Suspense fallback={<p role="status">Loading…</p>}>
          <AskForm />
        </Suspense>
      )}
      {open === "all" && <GrantList all />}
      {open === "block" && <BlockForm key={principal} principal={principal ?? ""} />}
    </>
  );
}

function tabsOf({ me }: Session): { readonly id: AccessTab; readonly label: string }[] {
  return [
    { id: "mine", label: "My access" },
    { id: "ask", label: "Ask for access" },
    ...(me?.isApprover || me?.mayBlock ? [{ id: "all" as const, label: "Everybody's access" }] : []),
    ...(me?.mayBlock ? [{ id: "block" as const, label: "Block" }] : []),
  ];
}
