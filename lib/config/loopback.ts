/** Names of this machine, as URLs spell them: what is sent there never leaves it. */
export const LOOPBACK: readonly string[] = ["127.0.0.1", "[::1]", "localhost"];
