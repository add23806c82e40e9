/** A public list price. */
export interface Price {
  /** US dollars for one of `per`. */
  readonly usd: number;
  readonly per: string;
  /** AWS's own page. */
  readonly source: string;
}

/** When the prices were looked up, and for which region: list prices, without free tiers, discounts and taxes. */
export const PRICES_OF = { region: "us-east-1", date: "2026-11-21" } as const;

const MILLION = 1_000_000;
const page = (path: string) => `https://aws.amazon.com/${path}/pricing/`;

/** What each unit costs. A price that AWS changes is changed here, and `npm run cost` writes the rest. */
export const PRICES = {
  apiRequest: { usd: 3.5 / MILLION, per: "request of a REST API", source: page("api-gateway") },
  firewallRequest: { usd: 0.6 / MILLION, per: "request", source: page("waf") },
  invocation: { usd: 0.2 / MILLION, per: "invocation", source: page("lambda") },
  gigabyteSecond: { usd: 0.0000133334, per: "GB-second on arm64", source: page("lambda") },
  writeUnit: { usd: 0.625 / MILLION, per: "write request unit of 1 KB", source: `${page("dynamodb")}on-demand/` },
  readUnit: { usd: 0.125 / MILLION, per: "read request unit of 4 KB", source: `${page("dynamodb")}on-demand/` },
  objectPut: { usd: 0.005 / 1000, per: "PUT of S3 Standard", source: page("s3") },
  objectGet: { usd: 0.0004 / 1000, per: "GET of S3 Standard", source: page("s3") },
  readEvent: { usd: 0.1 / 100_000, per: "data event of CloudTrail", source: page("cloudtrail") },
  event: { usd: 1 / MILLION, per: "custom event of up to 64 KB", source: page("eventbridge") },
  logGigabyte: { usd: 0.5, per: "GB of logs taken in", source: page("cloudwatch") },
  trace: { usd: 5 / MILLION, per: "trace recorded by X-Ray", source: page("xray") },
  keyRequest: { usd: 0.03 / 10_000, per: "request to a symmetric key", source: page("kms") },
  signature: { usd: 0.15 / 10_000, per: "signature of an ECC key", source: page("kms") },
  transition: { usd: 25 / MILLION, per: "state transition (Standard)", source: page("step-functions") },
  transferGigabyte: { usd: 0.09, per: "GB to the internet", source: "https://aws.amazon.com/ec2/pricing/on-demand/" },
  tableGigabyte: { usd: 0.25, per: "GB and month in a table", source: `${page("dynamodb")}on-demand/` },
  backupGigabyte: { usd: 0.2, per: "GB and month of point-in-time recovery", source: `${page("dynamodb")}on-demand/` },
  objectGigabyte: { usd: 0.023, per: "GB and month in S3 Standard", source: page("s3") },
  logHeldGigabyte: { usd: 0.03, per: "GB and month of kept logs", source: page("cloudwatch") },
  key: { usd: 1, per: "key and month", source: page("kms") },
  secret: { usd: 0.4, per: "secret and month", source: page("secrets-manager") },
  alarm: { usd: 0.1, per: "alarm and month", source: page("cloudwatch") },
  dashboard: { usd: 3, per: "dashboard and month", source: page("cloudwatch") },
  metric: { usd: 0.3, per: "metric of our own and month", source: page("cloudwatch") },
  endpointHour: { usd: 0.01, per: "interface endpoint, zone and hour", source: page("privatelink") },
  firewall: { usd: 5, per: "web ACL and month", source: page("waf") },
  firewallRule: { usd: 1, per: "rule or rule group and month", source: page("waf") },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof PRICES;
