/** Where a client connects, and with what. */
export interface Address {
  readonly url: string;
  readonly token: string;
}

/** What a host does for a server; a client declares a capability for each one that is given. */
export interface Host {
  readonly elicit?: () => Record<string, unknown>;
  readonly sample?: () => Record<string, unknown>;
  readonly roots?: () => Record<string, unknown>;
  readonly onLog?: (params: unknown) => void;
  readonly onToolsChanged?: () => void;
}

export type Params = Readonly<Record<string, unknown>>;

export interface AskOptions {
  readonly onprogress?: (progress: unknown) => void;
  readonly signal?: AbortSignal;
}

export type Method =
  | "ping"
  | "tools/list"
  | "tools/call"
  | "prompts/list"
  | "prompts/get"
  | "resources/list"
  | "resources/templates/list"
  | "resources/read"
  | "completion/complete"
  | "logging/setLevel";

/** A published client, connected. Nothing about it is ours but this face. */
export interface Peer {
  /** What the server said of itself on connecting. */
  readonly server: unknown;
  readonly revision: string | undefined;
  ask(method: Method, params?: Params, options?: AskOptions): Promise<unknown>;
  /** Ends the session as a good client does, where its protocol has one. */
  endSession(): Promise<void>;
  close(): Promise<void>;
}

export interface ClientKind {
  readonly name: string;
  connect(address: Address, host?: Host): Promise<Peer>;
}

export const INFO = { name: "some-client", version: "1.0.0" };
export const bearer = ({ token }: Address) => ({ headers: { authorization: `Bearer ${token}` } });

/** Capabilities of a host, as it declares them. */
export const capabilitiesOf = ({ elicit, sample, roots }: Host) => ({
  ...(elicit ? { elicitation: {} } : {}),
  ...(sample ? { sampling: {} } : {}),
  ...(roots ? { roots: {} } : {}),
});
