import { baseName } from "./command-pattern.ts";
import { behind, type Options, valuesOf } from "./options.ts";

interface Client extends Options {
  /** The options that hold statements. */
  readonly statements: string;
  /** Set where operands behind so many are statements. */
  readonly operands?: number;
}

const MYSQL: Client = {
  statements: "-e --execute --init-command",
  values: "ehuPDSVRO",
  glued: "p",
  long: "host user port database socket password defaults-file",
};
const CLICKHOUSE: Client = { statements: "-q --query", values: "qhuPd", long: "host user port database password" };
const EXECUTES: Client = { statements: "-e --execute -execute -f --file -q --query", values: "eqfhpukdS" };

const CLIENTS: ReadonlyMap<string, Client> = new Map(
  Object.entries<Client>({
    psql: {
      statements: "-c --command",
      values: "cdfFhLopPRTUv",
      long: "dbname file host log-file output port username variable set pset field-separator record-separator table-attr",
    },
    pgcli: { statements: "-c --command", values: "cdhpUu" },
    usql: { statements: "-c --command", values: "cdfFovPRTU" },
    mysql: MYSQL,
    mariadb: MYSQL,
    mycli: MYSQL,
    sqlcmd: { statements: "-Q -q --query --initial-query", values: "QqSUPdisohwvVtlaHcmyYKfzZ", glued: "rkpX" },
    "mssql-cli": { statements: "-Q --query", values: "QSUPdio" },
    duckdb: { statements: "-c -s -cmd", values: "cs", operands: 1 },
    sqlite3: { statements: "-cmd", operands: 1 },
    sqlite: { statements: "-cmd", operands: 1 },
    litecli: { statements: "-e --execute", values: "eDR" },
    clickhouse: CLICKHOUSE,
    "clickhouse-client": CLICKHOUSE,
    "clickhouse-local": CLICKHOUSE,
    snowsql: { statements: "-q --query", values: "qacudsrwfo" },
    cqlsh: { statements: "-e --execute", values: "efukp" },
    hive: { statements: "-e", values: "efidH" },
    beeline: { statements: "-e", values: "eunpdf" },
    "impala-shell": { statements: "-q --query", values: "qifdouD" },
    "spark-sql": { statements: "-e", values: "ef" },
    trino: EXECUTES,
    presto: EXECUTES,
    cockroach: { statements: "-e --execute", values: "eu" },
    bq: { statements: "--query", operands: 1, flags: "use_legacy_sql nouse_legacy_sql dry_run nodry_run batch" },
    sqlplus: { statements: "", values: "CLMRS" },
  }),
);
/** What sqlite3 takes as the next word, with one dash. */
const SQLITE_VALUES = /^-(?:cmd|init|separator|nullvalue|newline|vfs|mmap|heap|lookaside|maxsize|pagecache|A)$/;

/** Whether it is a client of a database, which reads statements from its standard input. */
export const readsSql = ([program = ""]: readonly string[]): boolean => CLIENTS.has(baseName(program));

/** The statements on its command line. */
export function statementsOf([program = "", ...rest]: readonly string[]): readonly string[] {
  const name = baseName(program);
  const client = CLIENTS.get(name);
  if (client === undefined) return valuesOf(rest, "--sql --sql-statement --query-string --query-statement", {});
  const told = valuesOf(rest, client.statements, client);
  if (client.operands === undefined) return told;
  if (/^(?:sqlite3?|duckdb)$/.test(name)) {
    const operands = rest.filter((word, at) => !word.startsWith("-") && !SQLITE_VALUES.test(rest[at - 1] ?? ""));
    return [...told, ...operands.slice(client.operands)];
  }
  // `bq query 'select 1'`
  return [...told, ...(rest.includes("query") ? behind(rest, client, client.operands).map(([text = ""]) => text) : [])];
}
