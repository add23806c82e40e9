import { CountersignError } from "./domain/error.ts";

/**
 * Names the step that a request to AWS was for. In a VPC without the endpoint, all that is known otherwise is that
 * nothing answered.
 *
 * @param step what cannot be had, in words that a caller may read
 * @throws CountersignError `evidence_unavailable` with the step as its message, and what failed as its cause
 */
export const reached = <T>(step: string, asked: Promise<T>): Promise<T> =>
  asked.catch((cause: unknown) => {
    throw new CountersignError("evidence_unavailable", step, { cause });
  });

/** The step at the bottom of a failure, where one is named: what stands above it failed because of it. */
export function stepOf(error: unknown): string | undefined {
  let step: string | undefined;
  for (let each = error; each instanceof Error; each = each.cause)
    if (each instanceof CountersignError) step = each.message;
  return step;
}
