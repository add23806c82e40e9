/**
 * What stands for a masked value where a schema wants more than a string, by JSON Schema's `format`. None belongs to
 * anyone: reserved names (RFC 2606, RFC 6761), addresses of no host, the beginning of time.
 */
export const BY_FORMAT: Readonly<Record<string, string>> = {
  email: "masked@masked.invalid",
  "idn-email": "masked@masked.invalid",
  hostname: "masked.invalid",
  "idn-hostname": "masked.invalid",
  uri: "https://masked.invalid/",
  iri: "https://masked.invalid/",
  url: "https://masked.invalid/",
  "uri-reference": "https://masked.invalid/",
  "iri-reference": "https://masked.invalid/",
  "uri-template": "https://masked.invalid/",
  "json-pointer": "/masked",
  "json-pointer-uri-fragment": "#/masked",
  "relative-json-pointer": "0/masked",
  "date-time": "1970-01-01T00:00:00Z",
  "iso-date-time": "1970-01-01T00:00:00Z",
  date: "1970-01-01",
  time: "00:00:00Z",
  "iso-time": "00:00:00Z",
  duration: "PT0S",
  uuid: "00000000-0000-0000-0000-000000000000",
  ipv4: "0.0.0.0",
  ipv6: "::",
  byte: "bWFza2Vk",
  regex: "masked",
};

/** Rules leave them alone: masking twice equals masking once. */
export const STAND_INS: readonly string[] = [...new Set(Object.values(BY_FORMAT))];
