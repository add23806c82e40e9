import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { whyRefused } from "../../lambdas/upstream/addresses.ts";
import { mayCallItself } from "../../lambdas/upstream/may-call-itself.ts";

const deployed = (network: "private" | "public", addresses?: readonly string[]) => ({
  network,
  loopback: false,
  ...(addresses === undefined ? {} : { addresses }),
});

/** Refused to every server, wherever it is said to be. */
const NEVER: readonly [string, RegExp][] = [
  ["127.0.0.1", /loopback/],
  ["127.255.255.254", /loopback/],
  ["::1", /loopback/],
  ["::ffff:127.0.0.1", /loopback/],
  ["::127.0.0.1", /loopback/],
  ["169.254.169.254", /link-local/],
  ["169.254.170.2", /link-local/],
  ["::ffff:169.254.169.254", /link-local/],
  ["::ffff:a9fe:a9fe", /link-local/],
  ["0:0:0:0:0:ffff:a9fe:a9fe", /link-local/],
  ["fe80::1", /link-local/],
  ["fe80::1%eth0", /link-local/],
  ["fd00:ec2::254", /link-local/],
  ["fd00:ec2::23", /link-local/],
  ["64:ff9b::a9fe:a9fe", /reserved/],
  ["64:ff9b:1::a9fe:a9fe", /reserved/],
  ["2002:a9fe:a9fe::1", /reserved/],
  ["2001:0:4136:e378:8000:63bf:3fff:fdd2", /reserved/],
  ["::ffff:0:169.254.169.254", /reserved/],
  ["0.0.0.0", /reserved/],
  ["::", /reserved/],
  ["255.255.255.255", /reserved/],
  ["224.0.0.1", /reserved/],
  ["ff02::1", /reserved/],
  ["240.0.0.1", /reserved/],
  ["198.18.0.1", /reserved/],
  ["192.0.2.1", /reserved/],
  ["fec0::1", /reserved/],
  ["4000::1", /reserved/],
  ["100::1", /reserved/],
  ["metadata", /no address/],
  ["", /no address/],
];
const PRIVATE = [
  "10.0.0.1",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "100.64.0.1",
  "fd12:3456::1",
  "::ffff:10.0.0.1",
];
const PUBLIC = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2600:1f18::1", "::ffff:8.8.8.8"];

describe("an address that is", () => {
  test.each(NEVER)("%s is refused to every server", (address, says) => {
    for (const network of ["private", "public"] as const) {
      expect(whyRefused(address, deployed(network))).toMatch(says);
      // Not even a configuration that names all that there is opens it.
      expect(whyRefused(address, deployed(network, ["0.0.0.0/0", "::/0"]))).toMatch(says);
      expect(whyRefused(address, deployed(network, ["sg-0123456789abcdef0"]))).toMatch(says);
    }
  });

  test.each(PRIVATE)(
    "private (%s) is a private server's, and a public one's only where it is configured",
    (address) => {
      expect(whyRefused(address, deployed("private"))).toBeUndefined();
      expect(whyRefused(address, deployed("private", ["sg-0123456789abcdef0"]))).toBeUndefined();
      expect(whyRefused(address, deployed("public"))).toMatch(/private/);
      expect(whyRefused(address, deployed("public", ["0.0.0.0/0", "::/0"]))).toBeUndefined();
    },
  );

  test.each(PUBLIC)("public (%s) is any server's", (address) => {
    for (const network of ["private", "public"] as const)
      expect(whyRefused(address, deployed(network))).toBeUndefined();
  });
});

describe("a server whose blocks are configured", () => {
  test.each(["private", "public"] as const)("is nowhere else (%s)", (network) => {
    const there = deployed(network, ["10.20.1.0/24", "fd12::/16"]);
    for (const address of ["10.20.1.7", "fd12::7", "::ffff:10.20.1.7"])
      expect(whyRefused(address, there)).toBeUndefined();
    for (const address of ["10.20.2.7", "10.0.0.1", "fd13::7", "8.8.8.8"])
      expect(whyRefused(address, there)).toMatch(/outside/);
  });

  test("may be anywhere private where a security group is named beside them: who is in it is not known here", () => {
    const there = deployed("private", ["10.20.1.0/24", "sg-0123456789abcdef0"]);
    expect(whyRefused("10.99.0.1", there)).toBeUndefined();
  });
});

describe("this machine", () => {
  test("is called on a laptop, and its neighbours are not", () => {
    const laptop = { network: "private", loopback: true } as const;
    expect(whyRefused("127.0.0.1", laptop)).toBeUndefined();
    expect(whyRefused("::1", laptop)).toBeUndefined();
    expect(whyRefused("169.254.169.254", laptop)).toMatch(/link-local/);
  });

  test("is no server where nothing says so, nor in Lambda whatever is said", () => {
    expect(mayCallItself({ LOOPBACK_SERVERS: "allowed" })).toBe(true);
    expect(mayCallItself({})).toBe(false);
    expect(mayCallItself({ LOOPBACK_SERVERS: "true" })).toBe(false);
    expect(mayCallItself({ LOOPBACK_SERVERS: "allowed", AWS_LAMBDA_FUNCTION_NAME: "gateway" })).toBe(false);
  });
});

describe("whatever the address", () => {
  const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));

  test("an IPv4 address is judged alike in IPv6's clothes", () => {
    fc.assert(
      fc.property(octets, fc.constantFrom("private", "public"), (bytes, network) => {
        const plain = whyRefused(bytes.join("."), deployed(network));
        const [a, b, c, d] = bytes;
        const hex = (high: number, low: number) => (high * 256 + low).toString(16);
        expect(whyRefused(`::ffff:${bytes.join(".")}`, deployed(network))).toBe(plain);
        expect(whyRefused(`::ffff:${hex(a, b)}:${hex(c, d)}`, deployed(network))).toBe(plain);
      }),
    );
  });

  test("all of 169.254.0.0/16 and 127.0.0.0/8 is refused", () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(255), fc.nat(255), (b, c, d) => {
        expect(whyRefused(`169.254.${c}.${d}`, deployed("private"))).toBeDefined();
        expect(whyRefused(`127.${b}.${c}.${d}`, deployed("private"))).toBeDefined();
      }),
    );
  });
});
