import { expect, test } from "vitest";
import { BUNDLING } from "../../bench/suites/gateway/bundle.ts";
import { bundlingOf } from "../../lib/constructs/gateway-function.ts";

test("the gateway is measured as a deployment bundles it", () => {
  const {
    commandHooks: _,
    externalModules,
    sourceMap,
    banner,
    ...options
  } = bundlingOf({ settingsFile: "settings.json" });
  // What CDK always hands to esbuild, and its names in esbuild's words; an option that is new here is compared, too.
  const asEsbuildHasThem = { bundle: true, platform: "node", sourcemap: sourceMap, banner: { js: banner } };
  expect(BUNDLING).toEqual({ ...options, ...asEsbuildHasThem, external: externalModules });
});
