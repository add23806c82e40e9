import { isPlaceholder } from "../../placeholder.ts";
import type { Rule, Span } from "../../rule.ts";
import { isPasswordLike, isPossiblePassword } from "../support/password-like.ts";

const VALUE = "(?:\"([^\"\\r\\n]{1,128})\"|'([^'\\r\\n]{1,128})'|([^\\s\"'|;&<>]{1,128}))";
const LINE = "[^\\r\\n|;]{0,160}?";
/** Commands and the options by which each takes a password; what stands there is one unless it is a variable. */
const COMMANDS = [
  `(?:docker|podman|buildah|skopeo|helm registry|nerdctl|az|oc|cf|ibmcloud|vault|argocd)[ ]login\\b${LINE}[ ]-p[ =]?${VALUE}`,
  `(?:mysql|mysqldump|mysqladmin|mysqlimport|mariadb|mariadb-dump)\\b${LINE}[ ]-p(?=['"\\w])${VALUE}`,
  `(?:sshpass|mongo|mongosh|mongodump|mongorestore|cqlsh|cypher-shell|useradd|usermod|twine upload|psexec|evil-winrm|crackmapexec|rdesktop|impacket-\\w{1,24})\\b${LINE}[ ]-p[ ]?${VALUE}`,
  `plink\\b${LINE}[ ]-pw[ ]${VALUE}`,
  `(?:sqlcmd|osql|bcp|isql|zip|unzip|ipmitool|mosquitto_pub|mosquitto_sub)\\b${LINE}[ ]-P[ ]?${VALUE}`,
  `ldap(?:search|add|modify|delete|passwd|whoami)\\b${LINE}[ ]-w[ ]?${VALUE}`,
  `redis-cli\\b${LINE}[ ]-a[ ]${VALUE}`,
  `openssl\\b${LINE}[ ](?:-k[ ]|-pass(?:in|out)?[ ]pass:)${VALUE}`,
  `(?:keytool|jarsigner|apksigner)\\b${LINE}[ ]-(?:store|key)pass[ ](?:pass:)?${VALUE}`,
  `7z[ar]?[ ]${LINE}[ ]-p${VALUE}`,
  `net[ ]user[ ](?:/add[ ])?[\\w.-]{1,64}[ ](?!/)${VALUE}`,
  `net[ ]use\\b${LINE}[ ]/user:\\S{1,64}[ ](?!/)${VALUE}`,
  `htpasswd[ ]-\\w{0,4}b\\w{0,4}[ ]\\S{1,128}[ ]\\S{1,64}[ ]${VALUE}`,
  `rabbitmqctl[ ](?:add_user|change_password)[ ]\\S{1,64}[ ]${VALUE}`,
  `composer[ ]config\\b${LINE}http-basic\\.\\S{1,128}[ ]\\S{1,64}[ ]${VALUE}`,
  `(?:smbclient|rpcclient|smbmap|wmic)\\b${LINE}[ ]-U[ ]?["']?[^\\s%"']{1,64}%${VALUE}`,
  `(?:requirepass|masterauth|bindpw|rootpw)[ ]{1,4}${VALUE}`,
  // Network devices: the kind of encryption, if it is said, is a digit.
  `(?:privilege[ ][0-9]{1,2}|username[ ]\\S{1,64}|enable|line[ ]vty)[ ](?:password|secret)[ ](?:[0-9][ ]|(?=\\S{0,64}[0-9!@#$%]))${VALUE}`,
  `snmp_?community["']?[ ]?[:=][ ]?${VALUE}`,
  `str(?:case)?n?cmp\\([ ]?[\\w.>-]{0,32}passw(?:or)?d,[ ]?(?=["'])${VALUE}`,
  `PRAGMA[ ](?:re)?key[ ]?=[ ]?${VALUE}`,
  `pre-shared-key[ ](?:(?:local|remote|ascii-text|address)[ ])?${VALUE}`,
  `snmp-server[ ]community[ ]${VALUE}`,
  `ConvertTo-SecureString[ ](?:-String[ ])?(?!-)${VALUE}`,
];
/** What is piped into a command that asks for a password. */
const PIPED = [
  `echo[ ](?:-n[ ])?${VALUE}[ ]?\\|[ ]?(?:sudo[ ][^\\r\\n|;]{0,32}-S\\b|(?:docker|podman|helm)[ ][^\\r\\n|;]{0,128}--password-stdin|passwd[ ]--stdin|kinit\\b)`,
  `echo[ ](?:-e[ ])?["']?[a-z_][\\w-]{0,31}:([^\\s"'|]{1,128})["']?[ ]?\\|[ ]?(?:sudo[ ])?chpasswd`,
];
const NAMED = new RegExp(`(?<![A-Za-z0-9_-])(?:${[...COMMANDS, ...PIPED].join("|")})`, "gid");
/** Of any other command: only what is quoted and looks like nothing else. */
const BARE = /[ ](?:-p|-P|-pw|-w|-pass)[ =]?(?:"([^"\s]{5,128})"|'([^'\s]{5,128})')/dg;
/** One of them stands in each of those lines. */
const WORDS = [
  "docker",
  "podman",
  "buildah",
  "skopeo",
  "nerdctl",
  "helm",
  "az login",
  "oc login",
  "cf login",
  "ibmcloud",
  "vault login",
  "argocd",
  "mysql",
  "mariadb",
  "sshpass",
  "mongo",
  "cqlsh",
  "cypher-shell",
  "useradd",
  "usermod",
  "twine",
  "psexec",
  "evil-winrm",
  "crackmapexec",
  "rdesktop",
  "impacket",
  "plink",
  "sqlcmd",
  "osql",
  "bcp ",
  "isql",
  "zip ",
  "ipmitool",
  "mosquitto_",
  "ldap",
  "redis-cli",
  "openssl",
  "keytool",
  "jarsigner",
  "apksigner",
  "7z ",
  "7za ",
  "7zr ",
  "net user",
  "net use",
  "htpasswd",
  "rabbitmqctl",
  "http-basic.",
  "smbclient",
  "rpcclient",
  "smbmap",
  "wmic",
  "requirepass",
  "masterauth",
  "bindpw",
  "rootpw",
  "privilege ",
  "enable pass",
  "enable secret",
  ...["0", "5", "7", "8", "9"].flatMap((kind) => [` password ${kind} `, ` secret ${kind} `]),
  "pre-shared-key",
  "pragma ",
  "snmp_community",
  "snmpcommunity",
  "strcmp(",
  "strncmp(",
  "strcasecmp(",
  "snmp-server",
  "securestring",
  "chpasswd",
  "-stdin",
  "sudo ",
  "kinit",
];
const HINT =
  /-p|-w|-a|-k|-u|pass|bindpw|rootpw|masterauth|secret|pragma|community|net |echo|snmp|secure|rabbitmq|http-basic|7z/i;
const COMMAND = new RegExp(WORDS.map((word) => word.replace(/[.(]/g, "\\$&")).join("|"), "i");
const SAMPLE = `${"hun"}ter2!`;

/** Passwords that commands take by short options, by place, or from a pipe. */
export const commandPassword: Rule = {
  kind: "COMMAND_PASSWORD",
  family: "credential",
  signs: [
    ...["p", "P", "pw", "w", "pass"].flatMap((flag) => [
      ` -${flag} '`,
      ` -${flag}'`,
      ` -${flag} "`,
      ` -${flag}"`,
      ` -${flag}='`,
      ` -${flag}="`,
    ]),
    ...WORDS,
  ],
  reach: 640,
  examples: [
    { text: `docker login -u ci -p ${SAMPLE} registry.example.com`, secret: SAMPLE },
    { text: `mysql -u root -p'${SAMPLE}' app`, secret: SAMPLE },
    { text: `ldapsearch -x -D cn=admin -w ${SAMPLE} -b dc=example`, secret: SAMPLE },
    { text: `enable secret 5 ${SAMPLE}`, secret: SAMPLE },
    { text: `bindpw ${SAMPLE}`, secret: SAMPLE },
    { text: `connect.sh -p '${SAMPLE}'`, secret: SAMPLE },
    { text: `echo 'root:${SAMPLE}' | chpasswd`, secret: SAMPLE },
    { text: `ConvertTo-SecureString "${SAMPLE}" -AsPlainText -Force`, secret: SAMPLE },
  ],
  counterExamples: [
    "Enable password input.",
    "docker run -p '8080:80' nginx",
    "mkdir -p '/var/lib/app1'",
    "git log -p 'src/part2'",
    "virtualenv -p 'python3.11' env",
    "mysql -u root -p app",
    'sshpass -p "$SECRET" ssh host',
    "docker login -u ci --password-stdin",
    "echo hello | sudo tee file",
  ],
  find: (text) => {
    if (!HINT.test(text)) return [];
    const named = COMMAND.test(text) ? groupsOf(text, NAMED, isTaken) : [];
    const known = new Set(named.map(({ start }) => start));
    return [...named, ...groupsOf(text, BARE, isPasswordLike).filter(({ start }) => !known.has(start))];
  },
};

const isTaken = (value: string) =>
  value.length >= 3 && !isPlaceholder(value) && (value.length < 5 || isPossiblePassword(value));

/** The group that took part in each match, as a span. */
function groupsOf(text: string, expression: RegExp, isValue: (value: string) => boolean): Span[] {
  const spans: Span[] = [];
  expression.lastIndex = 0;
  for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
    const [start, end] = match.indices?.slice(1).find((indices) => indices !== undefined) ?? [0, 0];
    if (isValue(text.slice(start, end))) spans.push({ start, end });
  }
  return spans;
}
