import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { UpstreamFailure } from "../domain/upstream/answer.ts";
import { type Whereabouts, whyRefused } from "./addresses.ts";

/** Resolves a name to all of its addresses, as `dns.lookup` does. */
export type Resolve = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: { address: string; family: number }[]) => void,
) => void;

/** A failure that says which rule an address broke; not one byte has left, and the address itself is not told. */
export const refusedAddress = (reason: string) =>
  new UpstreamFailure(`has an address that is refused: ${reason}`, false);

/**
 * A lookup for connections: the name is resolved once, every address is checked, and the connection is made to what was
 * checked. One refused address refuses the name, because who answers for it chooses which of them is tried.
 *
 * @param resolve @default the system's own
 */
export function checkedLookup(whereabouts: Whereabouts, resolve: Resolve = systemLookup): LookupFunction {
  return (hostname, options, callback) =>
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      for (const { address } of addresses) {
        const reason = whyRefused(address, whereabouts);
        if (reason !== undefined) return callback(refusedAddress(reason), []);
      }
      const [first] = addresses;
      if (options.all || first === undefined) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
}
