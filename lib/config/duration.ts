import * as z from "zod";

const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** A length of time as people write it (`90s`, `15m`, `24h`, `7d`); parsed to whole seconds. */
export const duration = z
  .string()
  .regex(/^[1-9][0-9]{0,6}[smhd]$/, "a duration such as 90s, 15m, 24h or 7d")
  .transform(secondsOf)
  .meta({ description: "A duration: a whole number and s, m, h or d" });

/** A length of time that may be none, as `0s`; parsed to whole seconds. @param most seconds, such as a service's own limit */
export const durationUpTo = (most: number) =>
  z
    .string()
    .regex(/^(?:0s|[1-9][0-9]{0,6}[smhd])$/, "a duration such as 90s or 5m, or 0s for none")
    .transform(secondsOf)
    .refine((seconds) => seconds <= most, `at most ${most / 60}m`);

function secondsOf(text: string): number {
  return Number(text.slice(0, -1)) * UNITS[text.slice(-1) as keyof typeof UNITS];
}
