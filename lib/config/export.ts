import * as z from "zod";

/** What a SIEM is told as it comes, beside the outcomes of calls. */
export const exported = z.strictObject({
  received: z
    .boolean()
    .describe(
      "Whether the beginning of a call that may go ahead is an event too; without it the call is told once, when it is over. Every event is billed",
    ),
});
