import * as z from "zod/mini";

/** What an argument of a later call must be, for a grant to cover the call. */
export const constraintSchema = z.object({
  /** Where the argument is, as a JSON pointer (RFC 6901). */
  pointer: z.string(),
  equals: z.optional(z.string()),
  prefix: z.optional(z.string()),
});

export type Constraint = z.infer<typeof constraintSchema>;
