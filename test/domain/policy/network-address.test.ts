import { expect, test } from "vitest";
import { networkAddress } from "../../../lambdas/domain/policy/network-address.ts";

test.each([
  ["10.0.0.1", "10.0.0.1"],
  ["2001:DB8:0:0::1", "2001:db8::1"],
  ["::ffff:10.0.0.1", "10.0.0.1"],
  ["::FFFF:0a00:1", "10.0.0.1"],
  ["::1", "::1"],
])("%s is %s", (text, address) => {
  expect(networkAddress(text)).toBe(address);
});

test.each([
  ...[
    "",
    "10.0.0.0/8",
    "10.0.0.256",
    "10.0.0",
    "10.0.0.1.",
    "010.0.0.1",
    "fe80::1%eth0",
    "::/0",
    "1::2::3",
    "::ffff:999.0.0.1",
  ],
  ...["localhost", "10.0.0.1, 10.0.0.2", "[::1]", "::1]/x[", "1".repeat(50)],
])("%j is no address", (text) => {
  expect(networkAddress(text)).toBeUndefined();
});
