import { setTimeout as pause } from "node:timers/promises";

/** How long a denial stands in the demo, as the configuration writes it. */
export const DENIAL_STANDS = "3s";

/** Settles when the last denial stands no more, so that the next step may ask. */
export const denialOver = () => pause(3500);
