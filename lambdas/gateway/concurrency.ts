/** Environments that Lambda keeps for the gateway: as many calls as it answers at once. */
export const RESERVED = 200;

/** How many of them calls that wait for an approval may take, where the configuration says nothing else. */
export const MOST_HELD = RESERVED / 2;
