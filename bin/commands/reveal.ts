import { needed, type Place } from "../place.ts";

/**
 * Shows the original of a record, through the auditors' API.
 *
 * @param token a console token of an auditor
 * @throws Error with the API's own word when it refuses
 */
export async function reveal(place: Place, record: string, reason: string, token: string | undefined): Promise<string> {
  if (!token) throw new Error("COUNTERSIGN_TOKEN must hold a console token of an auditor");
  const response = await fetch(`${needed(place.url, "--url")}/audit/reveal`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ record, reason }),
  });
  const body = (await response.json()) as {
    message?: string;
    recordedAs?: string;
    request?: string | null;
    response?: string | null;
  };
  if (!response.ok) throw new Error(body.message ?? `HTTP ${response.status}`);
  return [
    `Recorded as ${body.recordedAs} before this was shown.`,
    ...(body.request ? [`request:  ${body.request}`] : []),
    ...(body.response ? [`response: ${body.response}`] : []),
    ...(body.request || body.response ? [] : ["Nothing of this record was masked: the masked archive holds it whole."]),
  ].join("\n");
}
