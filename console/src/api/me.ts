import * as z from "zod/mini";

/** Who is signed in, and what they may ask for; as `GET /me` answers. */
export const meSchema = z.object({
  name: z.string(),
  principal: z.string(),
  groups: z.array(z.string()),
  isApprover: z.boolean(),
  mayBlock: z.boolean(),
  servers: z.array(z.object({ name: z.string() })),
  /** Longest time that access may be asked for; null: none may be asked for. */
  longestGrantMinutes: z.nullable(z.number()),
});

export type Me = z.infer<typeof meSchema>;
