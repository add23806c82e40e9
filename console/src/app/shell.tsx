import Button from "@cloudscape-design/components/button";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import type { Api } from "../api/api.ts";
import { Shown } from "../text/shown.tsx";
import { fragmentOf, type Route, routeOf } from "./place.ts";
import { RoomBoundary } from "./room-boundary.tsx";
import { SessionContext } from "./session.ts";
import { usePolled } from "./use-polled.ts";

const Inbox = lazy(() => import("../inbox/inbox.tsx"));
const ApprovalRoom = lazy(() => import("../approval/approval-room.tsx"));
const Access = lazy(() => import("../access/access.tsx"));

/** When there was no answer. */
const ASK_AGAIN_SECONDS = 10;

interface ShellProps {
  readonly api: Api;
  readonly name: string;
  readonly signInAgain: () => void;
  readonly signOut: () => void;
}

/** What stands around every room: the way to the others, and who is signed in. */
export function Shell({ api, name, signInAgain, signOut }: ShellProps) {
  const route = useRoute();
  const { value: me, failure: meFailure } = usePolled("me", ASK_AGAIN_SECONDS, api.me, () => true);
  const main = useRef<HTMLElement>(null);

  const session = useMemo(() => ({ api, me, meFailure, signInAgain }), [api, me, meFailure, signInAgain]);

  return (
    <SessionContext value={session}>
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header className="bar">
        <a className="brand" href="#/">
          Countersign
        </a>
        <nav className="rooms" aria-label="Rooms">
          <RoomLink to={{ name: "inbox", view: "waiting" }} route={route}>
            Inbox
          </RoomLink>
          <RoomLink to={{ name: "access", tab: "mine" }} route={route}>
            Access
          </RoomLink>
        </nav>
        <span className="account">
          <span className="name">
            <Shown text={me?.name ?? name} />
          </span>
          <Button onClick={signOut}>Sign out</Button>
        </span>
      </header>
      <main className="room" ref={main} tabIndex={-1}>
        <RoomBoundary key={route.name === "approval" ? route.id : route.name}>
          <Suspense fallback={<p role="status">Loading…</p>}>
            {route.name === "approval" && <ApprovalRoom key={route.id} id={route.id} />}
            {route.name === "inbox" && <Inbox view={route.view} />}
            {route.name === "access" && <Access tab={route.tab} principal={route.principal} />}
          </Suspense>
        </RoomBoundary>
      </main>
    </SessionContext>
  );
}

function RoomLink({ to, route, children }: { to: Route; route: Route; children: string }) {
  return (
    <a href={fragmentOf(to)} aria-current={to.name === route.name ? "page" : undefined}>
      {children}
    </a>
  );
}

function useRoute(): Route {
  const [fragment, setFragment] = useState(location.hash);
  useEffect(() => {
    const follow = () => setFragment(location.hash);
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return useMemo(() => routeOf(fragment), [fragment]);
}
