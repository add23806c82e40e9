/** What lies where in the vaults: the first part of the keys. */
export const TRANSCRIPTS = "transcripts/";
export const BODIES = "bodies/";
export const DIGESTS = "digests/";
export const KEYS = "keys/";
