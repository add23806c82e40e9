import { callApi } from "../call-api.ts";
import type { Place } from "../place.ts";
import { table } from "../table.ts";
import { printedJson } from "../visible.ts";

interface ListedGrant {
  readonly id: string;
  readonly principal: string;
  readonly server: string;
  readonly tools: readonly string[];
  readonly status: string;
  readonly expiresAt: string;
  readonly uses: number;
  readonly lastUsedAt: string | null;
}

/** One's own grants, or those of all whom one may approve or administer. */
export async function grants(
  place: Place,
  { all, json }: { readonly all?: boolean; readonly json?: boolean },
  token: string | undefined,
): Promise<string> {
  const { grants: found } = await callApi<{ grants: readonly ListedGrant[] }>(
    place,
    all ? "/grants?all=true" : "/grants",
    token,
  );
  if (json) return printedJson(found);
  return table(
    found.map(({ id, principal, server, tools, status, expiresAt, uses, lastUsedAt }) => ({
      grant: id,
      principal,
      server,
      tools: tools.join(", "),
      status,
      expires: expiresAt,
      uses,
      lastUsed: lastUsedAt,
    })),
  );
}
