import { isIPv6 } from "node:net";
import { type Rule, type Span, spansOf } from "../../rule.ts";
import { valuesAfter } from "../support/values.ts";

const V4 =
  /(?<![A-Za-z0-9_.]|[A-Za-z0-9)][-/@]|[=<>~^]=? ?v?|\bv)(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?![A-Za-z0-9_]|\.[0-9]|-[a-z]|\.[A-Za-z])/g;
const V4_ASSIGNED =
  /(?<=(?<![A-Za-z])[A-Za-z_-]{0,20}(?:ip|addr|address|host|client|remote|server|peer|src|dst|source|from|x-forwarded-for)["']?[ ]?[=:][ ]?["']?)(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?![A-Za-z0-9_]|\.[0-9])/gi;
/** The expression keeps clear of `package@1.2.3.4`; behind a user of a machine it is an address. */
const V4_HOST =
  /(?:(?<![A-Za-z0-9])(?:ssh|scp|sftp|rsync|mosh)[ ][^\r\n|;]{0,80}[A-Za-z0-9_-]@|:\/\/[^\s/@]{0,80}@|(?<![A-Za-z0-9])(?:root|admin|ubuntu|ec2-user)@)((?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9]))(?![A-Za-z0-9_]|\.[0-9])/g;
const V4_HINT = /\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]/;
const V6 =
  /(?<![A-Za-z0-9_:.])(?:[0-9A-Fa-f]{1,4}:{1,2}|::){1,7}(?:[0-9A-Fa-f]{1,4}|(?:[0-9]{1,3}\.){3}[0-9]{1,3})?(?![A-Za-z0-9_:]|\.[0-9])/g;
/** Two colons together, or many groups: a time of day has neither. */
const V6_HINT = /:(?::|(?:[0-9A-Fa-f]{1,4}:){5})/;
/** A word that makes four numbers a version: `version 10.0.19041.1`, `Chrome/120.0.0.0` (the slash is in the expression). */
const VERSION_BEFORE =
  /(?:version|ver\.?|release|build|firmware|driver|section|chapter|oid|§|rev(?:ision)?|upgraded?|update[ds]?|v\.)["']?[ :=]{0,3}(?:to|from|is|number)?[ "']{0,3}$/i;
const ADDRESS_BEFORE =
  /(?:\bips?\b|ipv4|addr(?:ess)?|host|from|client|server|dns|gateway|ping|peer|connect|\bto\b|listen|remote)[^\n]{0,24}$/i;
/** Nobody's: of this machine, of private networks, of links, of groups, of everybody. They tell operators something and strangers nothing. */
const NOT_PUBLIC = /^(?:0\.|10\.|127\.|169\.254\.|172\.(?:1[6-9]|2[0-9]|3[01])\.|192\.168\.|22[4-9]\.|2[345][0-9]\.)/;

/**
 * Addresses of the internet, which lead to a household or a person (CJEU C-582/14). Addresses of documentation are masked
 * too: they stand for real ones. Private, loopback, link-local and multicast addresses are left, and so are versions.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml
 */
export const ipAddress: Rule = {
  kind: "IP_ADDRESS",
  family: "personal",
  digits: 3,
  examples: [
    { text: "from 203.0.113.7 port 22", secret: "203.0.113.7" },
    { text: "http://93.184.216.34:8080/x", secret: "93.184.216.34" },
    { text: "ssh root@45.33.32.156", secret: "45.33.32.156" },
    { text: "client_ip=81.2.69.142", secret: "81.2.69.142" },
    { text: "peer 2001:db8:85a3::8a2e:370:7334.", secret: "2001:db8:85a3::8a2e:370:7334" },
    { text: "[2606:4700:4700::1111]:443", secret: "2606:4700:4700::1111" },
  ],
  counterExamples: [
    "127.0.0.1",
    "192.168.1.10",
    "10.0.0.1",
    "version 10.0.19041.1",
    "version 81.2.69.142",
    "1.2.3.4",
    "Chrome/120.0.6099.109",
    "pkg==81.2.69.142",
    "oid 1.3.6.1.4.1.311",
    "at 12:34:56",
    "std::vector",
    "::1",
    "fe80::1",
    "00:1b:44:11:3a:b7",
    "a::b",
  ],
  reach: 192,
  find: (text) => [
    ...(V4_HINT.test(text) ? [...spansOf(text, V4).filter((span) => isAddress4(text, span)), ...assigned(text)] : []),
    ...(text.includes("@") ? valuesAfter(text, V4_HOST).filter((span) => isAddress4(text, span)) : []),
    ...(V6_HINT.test(text) ? spansOf(text, V6).filter((span) => isAddress6(text.slice(span.start, span.end))) : []),
  ],
};

/** The expression keeps clear of `==1.2.3.4`; after the name of an address it is one. */
const assigned = (text: string) =>
  spansOf(text, V4_ASSIGNED).filter(
    ({ start, end }) =>
      /=["']?$/.test(text.slice(Math.max(0, start - 2), start)) && !NOT_PUBLIC.test(text.slice(start, end)),
  );

function isAddress4(text: string, { start, end }: Span): boolean {
  const address = text.slice(start, end);
  if (NOT_PUBLIC.test(address)) return false;
  const before = text.slice(Math.max(0, start - 40), start);
  if (VERSION_BEFORE.test(before)) return false;
  return (
    !/^(?:[0-9]\.){3}[0-9]$|\.0\.0$|^[0-9]\.[0-9]{1,2}\.0\.[0-9]{1,3}$/.test(address) ||
    ADDRESS_BEFORE.test(before) ||
    /^:[0-9]{2,5}|^\/[0-9]/.test(text.slice(end, end + 6))
  );
}

function isAddress6(address: string): boolean {
  if (!isIPv6(address) || !/[0-9]/.test(address)) return false;
  if (/::$|^(?:::|f[cdef]|(?:0{1,4}:){7}0{0,3}[01]$)/i.test(address)) return false;
  return address.split(":").filter((group) => group !== "").length >= 3 || /^[0-9a-f]{4}:/i.test(address);
}
