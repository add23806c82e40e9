import * as z from "zod";

const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** A length of time as people write it (`90s`, `15m`, `24h`, `7d`); parsed to whole seconds. */
export const duration = z
  .string()
  .regex(/^[1-9][0-9]{0,6}[smhd]$/, "a duration such as 90s, 15m, 24h or 7d")
  .transform((text) => Number(text.slice(0, -1)) * UNITS[text.slice(-1) as keyof typeof UNITS])
  .meta({ description: "A duration: a whole number and s, m, h or d" });
