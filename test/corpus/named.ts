// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of other languages, and patterns
import type { Part } from "./sample.ts";

/** What is a secret by its name or place: `@@` stands for a value of the patterns. */
export interface Named {
  readonly values: readonly string[];
  readonly texts: Readonly<Record<Part, readonly string[]>>;
}

export const NAMED_CREDENTIALS: Readonly<Record<string, Named>> = {
  AWS_SECRET_ACCESS_KEY: {
    values: ["{A10}/{A12}+{A16}", "{A40}"],
    texts: {
      dev: [
        "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = @@\n".replace(
          "AKIAIOSFODNN7EXAMPLE",
          "x",
        ),
        '{"SecretAccessKey": "@@", "Expiration": "2026-11-21T10:00:00Z"}',
        "export AWS_SECRET_ACCESS_KEY=@@",
        'secretAccessKey: "@@",',
      ],
      "held-out": [
        'AWS_SECRET_KEY = "@@"',
        "<SecretAccessKey>@@</SecretAccessKey>",
        "aws configure set aws_secret_access_key @@",
      ],
    },
  },
  PASSWORD: {
    values: ["{P12}", "{L6}{D2}", "Summer{D4}!", "{L5}-{L6}-{L4}{D1}", "{L9}"],
    texts: {
      dev: [
        "DB_PASSWORD=@@\n",
        "database:\n  user: app\n  password: @@\n  host: db\n",
        "spring.datasource.password=@@\nspring.datasource.username=app\n",
        'password = "@@"',
        '{"user":"ada","password":"@@"}',
        "Server=tcp:db.example.com,1433;Initial Catalog=app;User ID=sa;Password=@@;Encrypt=True;",
        "mysql -u root --password=@@ app < dump.sql",
        "<password>@@</password>",
        '<add key="DbPassword" value="@@" />',
        '<input value="@@" name="password">',
        "password\u00a0:\u00a0@@",
        "export PGPASSWORD='@@'",
        "ALTER USER 'app'@'%' IDENTIFIED BY '@@';",
        "jdbc:sqlserver://db;user=sa;password=@@;",
        'cursor = connect(user="app", password="@@", host="db")',
        'log: login with {\\"username\\":\\"ada\\",\\"password\\":\\"@@\\"} failed',
      ],
      "held-out": [
        "redis.password: '@@'",
        'private static final String PASSWORD = "@@";',
        'os.environ["MAIL_PASSWORD"] = "@@"',
        "curl -d 'username=ada&password=@@' https://example.com/login",
        'const pwd = "@@";',
        "passwd: @@",
        '<property name="password" value="@@"/>',
        '<input value="@@" type="password" id="x">',
        "password：@@",
        "- name: ADMIN_PASSWORD\n  value: @@\n",
        'user.setPassword("@@");',
        "$password = '@@';",
        "CREATE ROLE app LOGIN PASSWORD '@@';",
        '"smtp_pass": "@@",',
        'passphrase: "@@"',
      ],
    },
  },
  URL_PASSWORD: {
    values: ["{A12}", "{L6}{D3}", "p{A8}"],
    texts: {
      dev: [
        "postgres://app:@@@db.example.com:5432/app",
        "DATABASE_URL=mysql://root:@@@10.0.0.5/app",
        "mongodb+srv://ada:@@@cluster0.example.net/test?retryWrites=true",
        "redis://:@@@cache.example.com:6379/0",
        "root:@@@tcp(10.0.0.5:3306)/app",
        '{"dsn":"app:@@@unix(/run/mysqld/mysqld.sock)/app?parseTime=true"}',
      ],
      "held-out": [
        "amqps://svc:@@@mq.example.com/vhost",
        "git clone https://ada:@@@git.example.com/a/b.git",
        "smtp://mailer:@@@smtp.example.com:587",
        "jdbc:postgresql://app:@@@db.example.com/app",
        'db, err := sql.Open("mysql", "app:@@@tcp(db:3306)/shop")',
      ],
    },
  },
  SECRET: {
    values: ["{A32}", "{H40}", "{W24}", "{A20}"],
    texts: {
      dev: [
        "API_KEY=@@\n",
        "client_secret: @@\n",
        'const apiKey = "@@";',
        "curl -H 'X-Api-Key: @@' https://api.example.com/v1",
        '{"access_token":"@@","expires_in":3600}',
        "JWT_SECRET='@@'",
        "deploy --api-token @@ --env prod",
        "SECRET_KEY = '@@'",
        "api_key => '@@',",
        "refreshToken: '@@',",
      ],
      "held-out": [
        'encryption_key = "@@"',
        "app.auth.token=@@",
        "https://api.example.com/v1?api_key=@@&q=1",
        '<string name="api_secret">@@</string>',
        "consumer_secret @@".replace(" @@", ": @@"),
        'properties.put("signing_key", "@@");',
        'headers["X-Auth-Token"] = "@@"',
        "my api key is @@ if you need it",
        "Webhook-Secret: @@",
        "-Token @@".replace("-T", "Connect-Service -AccessT"),
      ],
    },
  },
  PROVIDER_KEY: {
    values: ["{H32}", "{A40}"],
    texts: {
      dev: ["twilio: '@@'", "DATADOG_APP=@@", 'cloudflare_global = "@@"'],
      "held-out": ["fastly = '@@'", "ALGOLIA_ADMIN: @@"],
    },
  },
  BEARER_TOKEN: {
    values: ["{A40}", "{W64}"],
    texts: {
      dev: [
        "Authorization: Bearer @@",
        'curl -H "Authorization: Bearer @@" https://api.example.com',
        '{"headers":{"x":"Bearer @@"}}',
      ],
      "held-out": ["> authorization: bearer @@", "req.set('Authorization', 'Bearer @@')", "Authorization: Token @@"],
    },
  },
  SESSION_COOKIE: {
    values: ["{H32}", "{A40}"],
    texts: {
      dev: ["Cookie: lang=en; sessionid=@@; theme=dark", "Set-Cookie: PHPSESSID=@@; path=/"],
      "held-out": ["Cookie: JSESSIONID=@@", "curl -b 'connect.sid=@@' https://example.com"],
    },
  },
  AZURE_CONNECTION: {
    values: ["{X86}=="],
    texts: {
      dev: ["DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=@@;EndpointSuffix=core.windows.net"],
      "held-out": ["AccountEndpoint=https://acme.documents.azure.com:443/;AccountKey=@@;"],
    },
  },
  AZURE_SAS_SIGNATURE: {
    values: ["{A41}%3D", "{A38}%2B{A4}%3D"],
    texts: {
      dev: [
        "https://acme.blob.core.windows.net/c/x?sv=2024-11-04&sr=b&se=2026-12-01&sp=r&sig=@@",
        "BlobEndpoint=https://acme.blob.core.windows.net/;SharedAccessSignature=sv=2024-11-04&ss=b&sp=rl&sig=@@",
      ],
      "held-out": [
        "https://prod-01.westeurope.logic.azure.com/workflows/abc/triggers/manual/run?api-version=2016-10-01&sig=@@",
      ],
    },
  },
  OTP_SECRET: {
    values: ["{B32}", "{B16}"],
    texts: {
      dev: ["otpauth://totp/Acme:ada?secret=@@&issuer=Acme", "TOTP_SECRET=@@"],
      "held-out": ["mfa_seed: '@@'", "otpauth://hotp/x?counter=1&secret=@@"],
    },
  },
  PASSWORD_HASH: {
    values: ["$2b$12${A53}", "$6${A16}${A86}", "$apr1${A8}${A22}"],
    texts: { dev: ["ada:@@\n", "('ada', '@@', 1),"], "held-out": ["root:@@:19000:0:99999:7:::", '{"hash":"@@"}'] },
  },
  NETRC_PASSWORD: {
    values: ["{A14}"],
    texts: {
      dev: ["machine api.example.com login ada password @@", "default\n\tlogin ada\n\tpassword @@\n"],
      "held-out": ["machine git.example.com\n  login bob\n  password @@\n"],
    },
  },
  PRIVATE_KEY: {
    values: ["{X64}\n{X64}\n{X40}"],
    texts: {
      dev: [
        "-----BEGIN RSA PRIVATE KEY-----\n@@\n-----END RSA PRIVATE KEY-----\n",
        "-----BEGIN OPENSSH PRIVATE KEY-----\n@@\n",
      ],
      "held-out": [
        "key: |\n-----BEGIN EC PRIVATE KEY-----\n@@\n-----END EC PRIVATE KEY-----\n",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n@@\n-----END PGP PRIVATE KEY BLOCK-----",
      ],
    },
  },
  PRESIGNED_URL_SIGNATURE: {
    values: ["{H64}"],
    texts: {
      dev: [
        "https://acme.s3.eu-west-1.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=900&X-Amz-Signature=@@",
        '{"url":"https://acme.s3.amazonaws.com/a.csv?X-Amz-SignedHeaders=host&X-Amz-Signature=@@"}',
      ],
      "held-out": [
        "curl -o a 'https://storage.googleapis.com/acme/a?X-Goog-Expires=600&X-Goog-Signature=@@'",
        "GET /acme/k?X-Amz-Signature=@@&x-id=GetObject HTTP/1.1",
      ],
    },
  },
  PGPASS_PASSWORD: {
    values: ["{A12}", "{L6}{D3}", "{P11}"],
    texts: {
      dev: ["db.example.com:5432:app:ada:@@", "# .pgpass\nlocalhost:5432:*:postgres:@@\n"],
      "held-out": ["*:*:*:replicator:@@", "10.0.0.5:6432:orders:svc_orders:@@\n"],
    },
  },
  SECRET_ARGUMENT: {
    values: ["{L5}{D3}!", "{A12}1a"],
    texts: {
      dev: [
        "requests.get(url, auth=('ada', '@@'))",
        'smtp.login("ada", "@@")',
        'new NetworkCredential("svc", "@@", "CORP")',
        'DriverManager.getConnection(url, "scott", "@@");',
      ],
      "held-out": [
        "ftp.login('deploy', '@@')",
        'jwt.sign(claims, "@@")',
        'auth = HTTPBasicAuth("ci", "@@")',
        'User.objects.create_superuser("ada", None, "@@")',
      ],
    },
  },
  COMMAND_PASSWORD: {
    values: ["{L5}{D3}!", "{A12}1a"],
    texts: {
      dev: [
        "docker login -u ci -p @@ registry.example.com",
        "mysql -u root -p'@@' app",
        "ldapsearch -x -D cn=admin -w @@ -b dc=example",
        "echo 'root:@@' | chpasswd",
      ],
      "held-out": [
        "sshpass -p '@@' ssh ops@host",
        "redis-cli -h cache -a @@ ping",
        'ConvertTo-SecureString "@@" -AsPlainText -Force',
        "keytool -list -keystore a.jks -storepass @@",
      ],
    },
  },
  LOGIN_PAIR: {
    values: ["{L5}{D3}!", "{A10}1a"],
    texts: {
      dev: ["user/pass: ada/@@", "credentials: ada / @@", "login: ada / @@"],
      "held-out": ["Username and password: ada / @@", "creds are ada:@@", "username/password = svc/@@"],
    },
  },
};
