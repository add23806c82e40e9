/** The verified caller. Everything here comes from a token whose signature, issuer, audience and expiry were checked. */
export interface Principal {
  readonly kind: "user" | "workload";
  /** `<issuer name>|<subject>`, or with what `claims.id` names in its place: unique across issuers; the key of its row and its Cedar id. */
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  /** OAuth client that holds the token (`azp` or `client_id`); empty when the issuer sets neither. */
  readonly client: string;
  /** A name to show people; never decides anything. */
  readonly name: string;
  /** Only groups that the configuration names. */
  readonly groups: readonly string[];
  /** Verified claim that is equal for one person at every issuer; null when the issuer has none. */
  readonly person: string | null;
  /** Who started this workload, where its token says so. */
  readonly initiator: string | null;
  /** Sign-in, job run or token that this caller's stateless session is named after. */
  readonly signIn: string;
  readonly jti: string | null;
  /** Seconds since the epoch. */
  readonly authTime: number | null;
  readonly acr: string | null;
  readonly amr: readonly string[];
  /** OAuth scopes of the token; absent when it has none. */
  readonly scopes?: readonly string[];
  /** Claims that the issuer's configuration lets policies look at, as texts; absent when there are none. */
  readonly claims?: Readonly<Record<string, string>>;
  /** Subjects of the RFC 8693 `act` chain, nearest actor first. */
  readonly delegation: readonly string[];
}

/** What the authorizer hands to the functions, and each function checks again before it trusts it. */
export interface Caller {
  readonly principal: Principal;
  /** Expiry of the token, seconds since the epoch. */
  readonly expiresAt: number;
  readonly audience: string;
}
