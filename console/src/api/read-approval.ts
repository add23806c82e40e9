import { type Judged, renderedDigest } from "../../../lambdas/domain/approval/rendered.ts";
import { approvalSchema } from "./approval.ts";

/** One approval, as the room shows it. */
export type Approval = Awaited<ReturnType<typeof readApproval>>;
export type PastDecision = Omit<Approval["similar"][number], "requesterName"> & { readonly requesterName?: string };

/** @throws ZodError when the answer is not what the API promises */
export async function readApproval(answer: unknown) {
  const { tool, ...read } = approvalSchema.parse(answer);
  return {
    ...read,
    tool: tool.name,
    description: tool.description,
    /** Digest of what a decision is about, of the answer as it came: nothing that the page does changes it. */
    rendered: await renderedDigest(answer as Judged),
  };
}
