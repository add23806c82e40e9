import * as z from "zod/mini";
import { constraintSchema } from "./constraint.ts";
import { moment } from "./time.ts";

/** A temporary permission, as `GET /grants` answers. */
export const grantSchema = z.object({
  id: z.string(),
  principal: z.string(),
  principalName: z.string(),
  server: z.string(),
  tools: z.array(z.string()),
  constraint: z.array(constraintSchema),
  /** Only for the very arguments of the call that was approved. */
  sameArguments: z.boolean(),
  /** It ends with the session it was given to, if that is before `expiresAt`. */
  session: z.boolean(),
  expiresAt: moment,
  uses: z.number(),
  usesLeft: z.nullable(z.number()),
  createdAt: moment,
  lastUsedAt: z.nullable(moment),
  approval: z.string(),
  approvedBy: z.array(z.string()),
  reason: z.string(),
  status: z.enum(["ACTIVE", "ENDED"]),
  endedBy: z.nullable(z.string()),
  endedAt: z.nullable(moment),
  endReason: z.nullable(z.string()),
  mayEnd: z.boolean(),
});

export const grantsSchema = z.object({ grants: z.array(grantSchema) });

export type Grant = z.infer<typeof grantSchema>;
export type GrantAnswer = z.input<typeof grantSchema>;
