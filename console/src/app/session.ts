import { createContext, useContext, useEffect, useState } from "react";
import type { Api } from "../api/api.ts";
import type { Me } from "../api/me.ts";
import type { Failure } from "./failure.ts";

/** What every room is given. */
export interface Session {
  readonly api: Api;
  /** Undefined until it is known. */
  readonly me: Me | undefined;
  /** Why it is not known yet, if something went wrong. */
  readonly meFailure: Failure | undefined;
  /** Leaves for the sign-in and comes back to this room; asks for the password even if a sign-in is remembered. */
  readonly signInAgain: () => void;
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error("No session: a room stands outside the shell");
  return session;
}

/** The server's time, every second. */
export function useNow(): number {
  const { api } = useSession();
  const [now, setNow] = useState(api.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(api.now()), 1000);
    return () => clearInterval(timer);
  }, [api]);
  return now;
}
