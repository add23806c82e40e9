import * as z from "zod/mini";

// Compiling checks needs `eval`, which the content security policy forbids.
z.config({ jitless: true });

/** A moment, as milliseconds since the epoch; the API sends RFC 3339 text. */
export const moment = z.pipe(
  z.string(),
  z.transform((at: string, { issues }) => {
    const milliseconds = Date.parse(at);
    if (Number.isNaN(milliseconds)) issues.push({ code: "custom", input: at, message: "no moment in time" });
    return milliseconds;
  }),
);
