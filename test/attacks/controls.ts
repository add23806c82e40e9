/** Controls of NIST SP 800-53 Rev 5 (catalog 5.1.1) that the attack suite exercises, with their titles. */
export const CONTROLS = {
  "AC-3": "Access Enforcement",
  "AC-3(2)": "Dual Authorization",
  "AC-4": "Information Flow Enforcement",
  "AC-6(10)": "Prohibit Non-privileged Users from Executing Privileged Functions",
  "AU-9": "Protection of Audit Information",
  "IA-2": "Identification and Authentication (Organizational Users)",
  "IA-2(8)": "Access to Accounts — Replay Resistant",
  "IA-5": "Authenticator Management",
  "IA-9": "Service Identification and Authentication",
  "SC-5": "Denial-of-service Protection",
  "SC-7": "Boundary Protection",
  "SC-12": "Cryptographic Key Establishment and Management",
  "SC-13": "Cryptographic Protection",
  "SC-18": "Mobile Code",
  "SC-23": "Session Authenticity",
  "SI-10": "Information Input Validation",
  "SI-15": "Information Output Filtering",
} as const satisfies Readonly<Record<string, string>>;

export type Control = keyof typeof CONTROLS;
