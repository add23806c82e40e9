import { accessTable } from "../../lambdas/aws/access-table.ts";
import { grantsTable } from "../../lambdas/aws/grants-table.ts";
import { isActive } from "../../lambdas/domain/approval/grant.ts";
import { ENV } from "../../lambdas/environment.ts";
import type { Place } from "../place.ts";
import { stackOutputs } from "../stack-outputs.ts";
import { table } from "../table.ts";
import { printedJson } from "../visible.ts";

/**
 * Lists every principal and every grant with its last use, for a review of access (AC-2 j, AC-6 (7)). It reads the table
 * itself, under the operator's own AWS rights.
 */
export async function accessReview({ environment }: Place, { json }: { json?: boolean }): Promise<string> {
  const name = environment[ENV.accessTable] ?? (await stackOutputs(environment)).get("AccessTable");
  const place = { ...environment, [ENV.accessTable]: name };
  const [seen, granted] = await Promise.all([accessTable(place).principals(), grantsTable(place).all()]);
  const now = Date.now();
  const principals = seen.map(({ id, calls, lastUsedAt, blocked, blockedBy, blockReason }) => ({
    principal: id,
    calls,
    lastUsed: time(lastUsedAt),
    blocked: blocked ? `by ${blockedBy}: ${blockReason}` : null,
  }));
  const grants = granted.map((grant) => ({
    grant: grant.id,
    principal: grant.principal,
    server: grant.server,
    tools: grant.tools.join(", "),
    status: isActive(grant, now) ? "ACTIVE" : "ENDED",
    expires: time(grant.endsAt),
    uses: grant.uses,
    lastUsed: time(grant.lastUsedAt),
    approvedBy: grant.approvedBy.join(", "),
  }));
  if (json) return printedJson({ principals, grants });
  return [`Principals: ${principals.length}`, table(principals), "", `Grants: ${grants.length}`, table(grants)].join(
    "\n",
  );
}

const time = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : new Date(milliseconds).toISOString();
