const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * An address in the one spelling that policies see; undefined for what is none, such as a range, or an address with a
 * zone. IPv4 within IPv6 (`::ffff:10.0.0.1`) is IPv4: a range of a policy must match it however the socket spells it.
 */
export function networkAddress(text: string): string | undefined {
  if (!/^[0-9A-Fa-f.:]{2,45}$/.test(text)) return undefined;
  if (!text.includes(":")) return IPV4.test(text) ? text : undefined;
  // The URL parser writes an IPv6 address in its canonical form (RFC 5952), and refuses what is none.
  const host = URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1);
  const mapped = host?.match(MAPPED);
  if (!mapped) return host;
  const [high = 0, low = 0] = mapped.slice(1).map((part) => Number.parseInt(part, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/;
