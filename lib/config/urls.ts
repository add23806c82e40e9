import * as z from "zod";

export const absoluteUrl = z.url({ protocol: /^https?$/ });

/** TLS is required, except on loopback where the local stack lives. */
export const secureUrl = absoluteUrl.refine(isSecure, "an https URL (http is only for loopback)");

/** Whether what is sent there is safe on its way: TLS, or it never leaves this machine. */
export function isSecure(text: string): boolean {
  return text.startsWith("https://") || ["127.0.0.1", "localhost", "[::1]"].includes(new URL(text).hostname);
}
