import type { Template } from "../../local/template.ts";
import { resourcesOf } from "../../local/template.ts";
import type { BillLine } from "./bill.ts";
import { PRICES, type PriceName } from "./prices.ts";

const HOURS = 730;
/** Zones that an interface endpoint stands in (`lib/constructs/network.ts`). */
const ZONES = 2;

/** What the stacks cost each month before the first call: counted in their templates. */
export function fixedCost(templates: readonly Template[]): BillLine[] {
  const all = (type: string) =>
    templates.flatMap((template) => resourcesOf(template, type).map(([, resource]) => resource));
  const acls = all("AWS::WAFv2::WebACL");
  const rules = acls.flatMap(({ Properties }) => Properties?.Rules as readonly unknown[]);
  const endpoints = all("AWS::EC2::VPCEndpoint").filter(
    ({ Properties }) => Properties?.VpcEndpointType === "Interface",
  );
  const alarms = all("AWS::CloudWatch::Alarm");
  const metrics = new Set(
    alarms.flatMap(({ Properties }) =>
      Properties?.Namespace === "Countersign" ? [JSON.stringify([Properties.MetricName, Properties.Dimensions])] : [],
    ),
  );
  const line = (part: string, units: number, price: PriceName): BillLine => ({
    part,
    units,
    price,
    usd: units * PRICES[price].usd,
  });
  return [
    line("interface endpoints, in each zone and hour", endpoints.length * ZONES * HOURS, "endpointHour"),
    line("KMS keys (each rotation adds one, twice at most)", all("AWS::KMS::Key").length, "key"),
    line("web ACL", acls.length, "firewall"),
    line("its rules and rule groups", rules.length, "firewallRule"),
    line("alarms", alarms.length, "alarm"),
    line("dashboards", all("AWS::CloudWatch::Dashboard").length, "dashboard"),
    line("metrics of our own that alarms watch (billed while something is counted)", metrics.size, "metric"),
    line("secrets", all("AWS::SecretsManager::Secret").length, "secret"),
  ];
}
