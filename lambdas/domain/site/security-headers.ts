/**
 * Headers of everything this function serves to a browser. The page shows text that an attacker may have written (a
 * tool's arguments) to a person with the power to approve, so nothing inline runs, nothing frames it, and it talks to
 * this origin and the sign-in alone.
 *
 * @param base URL of this gateway
 * @param signIn origins that the page may call to sign in
 */
export function securityHeaders(base: string, signIn: readonly string[]): Record<string, string> {
  const issuers = [...new Set(signIn)].join(" ");
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${issuers}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    `form-action 'self' ${issuers}`,
  ];
  return {
    "content-security-policy": policy.join("; "),
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), clipboard-read=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    // What `frame-ancestors` says, for what does not read policies.
    "x-frame-options": "DENY",
    // On plain http (loopback) the header means nothing, and a browser must not learn it for a port of localhost.
    ...(base.startsWith("https://") ? { "strict-transport-security": "max-age=63072000; includeSubDomains" } : {}),
  };
}
