import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const text = readFileSync("docs/threat-model.md", "utf8");
const rows = [...text.matchAll(/^\| ([STRIDE]) \| (.+) \| (.+) \| (.+) \|$/gm)].map(
  ([, letter = "", threat = "", control = "", shown = ""]) => ({ letter, threat, control, shown }),
);

describe("the threat model", () => {
  test("names for every threat a control and a test that exists", () => {
    expect(rows.length).toBeGreaterThan(30);
    for (const { threat, control, shown } of rows) {
      const files = [...shown.matchAll(/`(test\/[^`]+\.test\.ts)`/g)].map(([, file = ""]) => file);
      expect(files.length, threat).toBeGreaterThan(0);
      expect(control.length, threat).toBeGreaterThan(10);
      for (const file of files) expect(existsSync(file), `${threat}: ${file}`).toBe(true);
    }
  });

  test("goes through all of STRIDE, and through each element of a call's path", () => {
    expect([...new Set(rows.map(({ letter }) => letter))].sort().join("")).toBe("DEIRST");
    const sections = [...text.matchAll(/^## (.+)$/gm)].map(([, title = ""]) => title.split(" ")[0]);
    expect(sections).toEqual(["Client", "Edge", "Gateway", "Server", "Approval", "Evidence", "What"]);
  });

  test("says what is not defended", () => {
    const [, rest = ""] = text.split("## What is not defended");
    expect(rest.match(/^- /gm)?.length).toBeGreaterThan(5);
  });
});
