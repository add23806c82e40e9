/** Two more looks, each measured before anything was mended by it: code, settings, commands, logs and prose as public corpora have them. */
export const OUTSIDER_FOURTH: Readonly<Record<string, string>> = {
  "credentials, fourth look": `
private static final String PASSWORD = "⟦wombat4you⟧";
    protected String passwd = "⟦Qw3rty-Kek⟧";
var userPwd='⟦monsoon77⟧', retries=3;
    self._password = '⟦kiwi&lemon⟧'
const char* kAdminPassword = "⟦turnip⟧";
#define WIFI_PASS "⟦homesweet8⟧"
let pass: String = String::from("⟦ferris-crab-1⟧");
String pw = new String("⟦bluewhale⟧");
$password = '⟦geheim2019⟧';
$dbpass = "⟦r3dp4nd4⟧";
pwd := "⟦gophers4life⟧"
val dbPassword = "⟦kotl1n-rox⟧"
db_password <- "⟦tidyverse9⟧"
:password => "⟦rubyruby⟧",
{:password "⟦clojurePw⟧"}
password => '⟦perl1987⟧',
NSString *password = @"⟦cocoa-bean⟧";
@"password" : @"⟦appleseed5⟧"
params.put("password", "⟦andr0id-x⟧");
data = {"username": "bob", "password": "⟦sunflower⟧"}
System.setProperty("javax.net.ssl.keyStorePassword", "⟦keystorepw⟧");
.withPassword("⟦tc-secret-9⟧")
user.setPassword(encoder.encode("⟦spring-boots⟧"));
byte[] secretKey = "⟦MySuperKey2020xx⟧".getBytes();
SECRET_KEY = '⟦django-insecure-{A32}⟧'
app.secret_key = "⟦flask_s3cr3t_k3y⟧"
app.config['JWT_SECRET_KEY'] = '⟦jwt-sigNing-77⟧'
const JWT_SECRET = "⟦keyboardcat99⟧";
session({ secret: '⟦keyboard cat⟧', resave: false })
private final String apiSecret = "⟦{A40}⟧";
final encryptionKey = '⟦{H32}⟧';
private const string AesKey = "⟦{X43}=⟧";
iv_key = b"⟦{A16}⟧"
gApiKey = '⟦{A39}⟧'
token = "⟦{H40}⟧"
access_token: '⟦{A64}⟧',
authToken := "⟦{A32}⟧"
X-Auth-Token: ⟦{H32}⟧
headers = {'x-api-key': '⟦{A32}⟧'}
req.Header.Set("X-Api-Key", "⟦{A32}⟧")
http.DefaultRequestHeaders.Add("Ocp-Apim-Subscription-Key", "⟦{H32}⟧");
conn = pymysql.connect(host="db", user="root", passwd="⟦toor!toor⟧", db="x")
psycopg2.connect("dbname=app user=app password=⟦psy-co-pg⟧ host=db")
mongoose.connect('mongodb://root:⟦mongo4ever⟧@mongo:27017/app?authSource=admin')
new MongoClient("mongodb+srv://app:⟦Atl4s-Pw⟧@cluster0.abcde.mongodb.net/test")
redis.Redis(host='r', port=6379, password='⟦r3d1s-pw⟧')
amqp.Dial("amqp://svc:⟦bunnyhop⟧@mq:5672/")
create_engine("postgresql+psycopg2://app:⟦al-chemy-1⟧@db/app")
jdbc:mysql://db:3306/app?user=root&password=⟦jdbcPass1⟧
jdbc:sqlserver://db;user=sa;password=⟦Sql-2019!⟧;encrypt=true
Authorization = "Basic ⟦YWRtaW46c3VwZXJzZWNyZXQ=⟧"
auth: { user: 'mailer', pass: '⟦nodemail3r⟧' }
$mail->Password = '⟦phpmailer!1⟧';
define('DB_PASSWORD', '⟦wordpress_pw⟧');
define( 'AUTH_KEY', '⟦{A32}!|{A20}⟧' );
ftp.login('deploy', '⟦upload2go⟧')
ssh.connect(host, username='root', password='⟦calvin⟧')
assertTrue(login("alice", "⟦wond3rland⟧"));
given().auth().basic("admin", "⟦district9⟧")
Credentials creds = new UsernamePasswordCredentials("joe", "⟦blow-up-7⟧");
const stripe = require('stripe')('⟦sk_live_{A24}⟧');
private_key_passphrase = "⟦open the gate⟧"
kSalt = "⟦{H32}⟧"
oauth_consumer_secret="⟦{A40}⟧"
DB_PASS=⟦lamp-post-3⟧
MYSQL_ROOT_PASSWORD=⟦root⟧
POSTGRES_PASSWORD: ⟦mysecretpassword⟧
SECRET_KEY_BASE=⟦{H64}{H64}⟧
APP_KEY=⟦base64:{X43}=⟧
MAIL_PASSWORD="⟦postmark pw⟧"
spring.datasource.password=⟦hikari-cp⟧
spring.security.user.password = ⟦bootadmin⟧
jasypt.encryptor.password=⟦saltypretzel⟧
ldap.bind.password: ⟦cn-admin-1⟧
elasticsearch.password: "⟦kib4na⟧"
xpack.security.encryptionKey: "⟦{A32}⟧"
requirepass ⟦foobared⟧
masterauth ⟦{A20}⟧
bindpw ⟦ldapsecret⟧
rootpw ⟦{SSHA}{X28}⟧
password_file_secret: ⟦{H40}⟧
admin_password = "⟦hcl-adm1n⟧"
variable "token" {⏎  default = "⟦{A40}⟧"⏎}
  password             = "⟦tf-rds-Pw1⟧"
  client_secret = "⟦{M8}~{A30}⟧"
ENV ADMIN_PASSWORD ⟦dockerfilepw⟧
ENV API_TOKEN=⟦{A32}⟧
ARG NPM_TOKEN=⟦{H8}-{H4}-{H4}-{H4}-{H12}⟧
RUN echo "root:⟦Docker!⟧" | chpasswd
  - POSTGRES_PASSWORD=⟦compose-pg⟧
      MINIO_ROOT_PASSWORD: ⟦minio123⟧
    - name: DB_PASSWORD⏎      value: "⟦k8s-plain-1⟧"
data:⏎  password: ⟦cGFzc3dvcmQxMjM=⟧
stringData:⏎  api-key: ⟦{A32}⟧
{"type":"password","value":"⟦keycloak-pw⟧","temporary":false}
"credentials": [{"type": "password", "value": "⟦initial1⟧"}]
{"key": "DB_PASSWORD", "value": "⟦ecs-task-pw⟧"}
{"Name":"ApiKey","Value":"⟦{A32}⟧"}
<property name="password" value="⟦beans-xml⟧"/>
<property name="hibernate.connection.password">⟦hiber-nate⟧</property>
<entry key="password">⟦javaprops⟧</entry>
<server><id>nexus</id><username>ci</username><password>⟦maven-Repo⟧</password></server>
<connectionStrings><add name="c" connectionString="⟦Data Source=db;User ID=sa;Password=asp-Net-1⟧" /></connectionStrings>
<user username="tomcat" password="⟦tomcat-mgr⟧" roles="manager-gui"/>
<wsse:Password Type="x#PasswordText">⟦soap-Pw-1⟧</wsse:Password>
machine api.heroku.com login me password ⟦{H8}-{H4}-{H4}-{H4}-{H12}⟧
//registry.npmjs.org/:_authToken=⟦npm_{A36}⟧
_auth = ⟦{X40}⟧
[ftp]⏎user = me⏎pass = ⟦ini-ftp-5⟧
password = ⟦plain-ini⟧
aws_secret_access_key = ⟦{X40}⟧
security.oauth2.client.client-secret=⟦{A32}⟧
ansible_ssh_pass: ⟦vagrant⟧
ansible_become_password=⟦sudo-pw-2⟧
vault_token: ⟦s.{A24}⟧
snmp_community: ⟦c0mmun1ty⟧
wpa_passphrase=⟦correcthorse⟧
psk="⟦homenetwork1⟧"
PSK=⟦{H64}⟧
enable secret 5 ⟦§1§{A4}§{A22}⟧
username admin privilege 15 password 0 ⟦c1sc0pw⟧
pre-shared-key ⟦vpn-Tunnel-1⟧
"initialAdminPassword": "⟦{H32}⟧"
signing.password=⟦gradle-sign⟧
storePassword=⟦android⟧
keyPassword ⟦'upload-key1'⟧
mysql -h db -u root -p⟦hunter2x⟧ app < dump.sql
mysqldump --password=⟦d3mpw⟧ --all-databases
psql "postgresql://app:⟦cli-Pw-9⟧@db/app"
PGPASSWORD=⟦pg-env-pw⟧ psql -h db
curl -u elastic:⟦changeme1⟧ http://es:9200
curl -H 'Authorization: token ⟦{H40}⟧' https://api.example.com
curl -H "PRIVATE-TOKEN: ⟦{A20}⟧" https://git.example.com
wget --user=me --password='⟦wget-me-1⟧' https://x
sshpass -p ⟦raspberry⟧ ssh pi@host
ansible-playbook site.yml -e "db_password=⟦extra-Var⟧"
helm install x --set auth.password=⟦helm-Pw-1⟧
kubectl create secret generic s --from-literal=password=⟦kube-lit-1⟧
docker run -e MYSQL_ROOT_PASSWORD=⟦my-secret-pw⟧ mysql
docker login -u me -p ⟦dckr-pw-1⟧ reg.example.com
az login --service-principal -u app -p ⟦{A34}⟧ --tenant t
vault login ⟦hvs.{A24}⟧
git clone https://oauth2:⟦{A20}⟧@gitlab.example.com/g/r.git
git remote add o https://me:⟦p4ss-w0rd⟧@git.example.com/r
sqlcmd -S db -U sa -P ⟦YourStrong@Pw⟧ -Q "select 1"
openssl enc -aes-256-cbc -k ⟦enc-pass-1⟧ -in f
gpg --batch --passphrase ⟦gpg-Phrase⟧ -d f
keytool -storepass ⟦changeit1⟧ -list
smbclient //srv/s -U joe%⟦smb-Pw-2⟧
2024-05-01 INFO login ok user=joe password=⟦logged-oops⟧ ip=10.0.0.4
DEBUG Using credentials joe:⟦debug-Pw-3⟧
POST /login username=joe&password=⟦form-Pw-4⟧&remember=1
{"level":"debug","msg":"auth","token":"⟦{A32}⟧"}
GET /api?api_key=⟦{A32}⟧&q=1 HTTP/1.1
GET /cb?code=1&access_token=⟦{A48}⟧
Set-Cookie: ⟦session={A48}; HttpOnly⟧
Cookie: PHPSESSID=⟦{H32}⟧
Your temporary password is: ⟦Tmp-Welc0me⟧
The admin password for Grafana is ⟦prom-0perator⟧
Login: admin Password: ⟦admin123⟧
user: root / pass: ⟦toor1234⟧
pw: ⟦fr33dom!⟧
creds are admin/⟦Pa55w0rd⟧
`,
  "personal, fourth look": `
Please call Maria Huber at ⟦+43 664 1234567⟧ tomorrow
Contact: ⟦joao.pereira@exemplo.com.br⟧, tel. ⟦(11) 98765-4321⟧
My SSN is ⟦536-22-8145⟧ and DOB 04/12/1985
SSN: ⟦536228145⟧
card number ⟦4539 1488 0343 6467⟧ exp 09/27
Karte ⟦5425233430109903⟧
amex: ⟦3714 496353 98431⟧
IBAN: ⟦DE89 3704 0044 0532 0130 00⟧
Überweisung auf ⟦GB29NWBK60161331926819⟧
account ⟦FR1420041010050500013M02606⟧
NHS No: ⟦943 476 5919⟧
Codice fiscale: ⟦RSSMRA85T10A562S⟧
DNI ⟦12345678Z⟧
PESEL: ⟦44051401359⟧
BSN ⟦111222333⟧
CPF: ⟦529.982.247-25⟧
CURP ⟦BADD110313HCMLNS09⟧
Aadhaar: ⟦2345 6789 0124⟧
passport no. ⟦X1234567⟧
Passport: ⟦AB1234567⟧
ip ⟦203.0.113.77⟧ logged in
from ⟦2001:db8:85a3::8a2e:370:7334⟧ port 22
Driver's license: ⟦D1234567⟧
phone=⟦+1-202-555-0143⟧
Tel.: ⟦030 901820⟧
モバイル: ⟦090-1234-5678⟧
电话：⟦138 0013 8000⟧
тел. ⟦+7 (495) 123-45-67⟧
mobile ⟦07700 900123⟧
SIN: ⟦046 454 286⟧
TFN ⟦123 456 782⟧
email ⟦anne-marie.o'neil@sub.example.co.uk⟧ please
`,
  "harmless, fourth look": `
password = os.environ["DB_PASSWORD"]
password: {{ .Values.db.password }}
PASSWORD=<your-password>
password: changeme
String password = request.getParameter("password");
password = getpass.getpass("Password: ")
private String password;
public void setPassword(String password) { this.password = password; }
password: z.string().min(8)
const { password } = req.body
password_confirmation: "must match password"
if (!password) throw new Error("password missing")
"password": {"type": "string", "format": "password"}
<input type="password" name="password" id="pwd" placeholder="Password">
password_hash = bcrypt.hashpw(password, salt)
api_key = settings.API_KEY
apiKey: process.env.API_KEY,
access_token = response.json()["access_token"]
secret: str = Field(..., description="The secret")
secretName: my-app-secret
secretKeyRef:⏎  name: db-credentials⏎  key: password
key: "user.profile.title"
primary_key: "user_id"
sort_key = "created_at"
public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"
"tokenizer": "bert-base-uncased-v2"
max_tokens=2048
token_type: Bearer
token_url: https://auth.example.com/oauth/token
Authorization: Bearer <token>
curl -u "$USER:$PASS" https://example.com
mysql -u root -p
docker login --username me --password-stdin
export TOKEN=$(gcloud auth print-access-token)
PASSWORD_RESET_TIMEOUT = 3600
AUTH_PASSWORD_VALIDATORS = []
"passwordPolicy": {"minLength": 12, "requireDigits": true}
passwords must contain 8 characters
The password was changed yesterday.
password authentication failed for user "app"
type PasswordReset struct {
func CheckPassword(hash, password string) bool {
public static final String PASSWORD_KEY = "password";
USERNAME_FIELD = "email"
hash: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
"integrity": "sha512-{X43}{X43}=="
commit 9fceb02d0ae598e95dc970b74767f19372d61af8
etag: "33a64df551425fcc55e4d42a148795d9f25f89d4"
id: 123e4567-e89b-12d3-a456-426614174000
sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
{"type":"text","value":"Hello world"}
{"type":"string","value":"apple123"}
{"type": "number", "value": 4}
{"type":"password","label":"Your password","required":true}
{"type": "password", "value": ""}
{"name":"region","value":"eu-central-1a"}
background: url(data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUA)
version: 10.0.19041.1151
build 20240501.1234567890
const tokens = text.split(" ")
assertEquals("password", field.getName());
login("user", "password")
vault_path: secret/data/app
key_file: /etc/ssl/private/key.pem
password_file: /run/secrets/db_password
ssh_key: ~/.ssh/id_rsa
basic: true
bearerFormat: JWT
passphrase: ask
passport.use(new LocalStrategy())
compass: north
bypass=true
keyboard: "us-intl"
monkey = "banana9"
pass # nothing to do
PASS tests/unit/a.test.ts (5.123 s)
pass rate: 98.5%
-p 8080:80
mkdir -p /opt/app2
tar -xpf "a1.tar"
`,
  "credentials, fifth look": `
    public static final String DB_PASS = "⟦zebra-crossing⟧";
  const password = process.env.PW || '⟦fallback-pw⟧';
password = os.getenv("PW", "⟦default-pw1⟧")
    def __init__(self, password="⟦init-default⟧"):
function login(user, password = '⟦p4ram⟧') {
if ($password === '⟦letmein⟧') {
strcmp(password, "⟦backdoor⟧")
assert user.check_password("⟦correct-horse⟧")
user = User(username="x", password_hash=generate_password_hash("⟦werkzeug1⟧"))
sshClient.connect({ username: 'x', privateKeyPassphrase: '⟦opensesame⟧' })
cfg.Passwd = "⟦go-sql-pw⟧"
.password("⟦jooq-pass⟧")
        password: "⟦elixir-pw⟧",
password = <<~PW⏎  ⟦heredoc-pw9⟧⏎PW
Password = "⟦vb-Secret1⟧" & vbCrLf
oSmtp.Password = "⟦asp-mail-7⟧"
IDENTIFIED BY "⟦ora-Cle-1⟧"
CREATE LOGIN app WITH PASSWORD = '⟦T-sql-pw!⟧';
GRANT ALL ON db.* TO 'u'@'%' IDENTIFIED BY '⟦granted1⟧';
INSERT INTO users (name, password) VALUES ('joe', '⟦inserted-pw⟧');
UPDATE users SET password = MD5('⟦md5-me-not⟧') WHERE id = 1;
PRAGMA key = '⟦sqlcipher-1⟧';
let token: &str = "⟦{A40}⟧";
static const char TOKEN[] = "⟦{H40}⟧";
String apiToken="⟦{A32}⟧";
client = Client(api_key="⟦{A40}⟧", timeout=5)
client = Client("⟦{A20}⟧", "⟦{A40}⟧")
axios.get(url, { headers: { Authorization: 'Bearer ⟦{A40}⟧' } })
headers["Authorization"] = f"Token ⟦{H40}⟧"
var secret = []byte("⟦{A24}⟧")
SigningKey: []byte("⟦my-hs256-key-77⟧"),
jwt.encode(payload, "⟦hs256-key!⟧", algorithm="HS256")
crypto.createHmac('sha256', '⟦hook-hmac-9⟧')
new SecretKeySpec("⟦0123456789abcdef⟧".getBytes(), "AES")
Fernet(b"⟦{X43}=⟧")
AES.new("⟦{A16}⟧", AES.MODE_CBC, iv)
firebase.initializeApp({ apiKey: "⟦AIza{A35}⟧" })
S3Client(access_key="⟦AKIA{B16}⟧", secret_key="⟦{X40}⟧")
aws.config.update({accessKeyId: '⟦AKIA{B16}⟧', secretAccessKey: '⟦{X40}⟧'})
webhook = "https://⟦hooks.slack.com/services/T{M8}/B{M8}/{A24}⟧"
discord_token = '⟦M{A23}.{A6}.{A27}⟧'
bot = telebot.TeleBot("⟦{N10}:AA{A33}⟧")
openai.api_key = "⟦sk-{A48}⟧"
database:⏎  user: app⏎  password: ⟦yaml-nested⟧⏎  port: 5432
DATABASE_URL=postgres://u:⟦pw-in-url⟧@host/db
REDIS_URL=redis://:⟦redis-url-pw⟧@host:6379/0
CELERY_BROKER_URL="amqp://guest:⟦gu3st⟧@mq//"
TWILIO_AUTH_TOKEN=⟦{H32}⟧
ADMIN_PASS="⟦let-me-in⟧"
GF_SECURITY_ADMIN_PASSWORD: ⟦grafana-adm⟧
KEYCLOAK_ADMIN_PASSWORD=⟦kc-admin⟧
  RABBITMQ_DEFAULT_PASS: ⟦rabbit⟧
MONGO_INITDB_ROOT_PASSWORD=⟦example⟧
server.ssl.key-store-password=⟦p12-pass⟧
javax.persistence.jdbc.password = ⟦jpa-pass⟧
quarkus.datasource.password=⟦quarkus-1⟧
"Password": "⟦AppSettings1⟧",
"ConnectionString": "⟦Server=s;Database=d;User Id=u;Password=appset-2⟧;"
AccountKey=⟦{X86}==⟧
SharedAccessKey=⟦{X43}=⟧
resource "aws_db_instance" "x" {⏎  username = "a"⏎  password = "⟦tf-literal⟧"⏎}
  master_password        = "⟦tf-Master1⟧"
  sensitive_values = { token = "⟦{A30}⟧" }
vault kv put secret/x password=⟦kv-put-pw⟧
auth:⏎  token: ⟦{A40}⟧
registry_auth: ⟦{X40}⟧
{"auths":{"r.io":{"auth":"⟦dXNlcjpwYXNzd29yZDEy⟧"}}}
  <Password>⟦xml-pass⟧</Password>
<param name="pass" value="⟦flash-pw⟧"/>
<input type="hidden" name="csrf_token" value="⟦{H40}⟧">
<s:key name="password">⟦splunk-pw⟧</s:key>
password=⟦git-cred⟧⏎protocol=https
protocol=https⏎host=x⏎username=u⏎password=⟦gitcred2⟧
https://user:⟦stored-cred⟧@github.com
*:5432:*:app:⟦pgpass-line⟧
encryption_password = ⟦bacula-pw⟧
network={⏎  ssid="x"⏎  psk="⟦wpa-supp-1⟧"⏎}
option auth_secret '⟦radius-sec⟧'
snmp-server community ⟦s3cr3t-ro⟧ RO
set system root-authentication plain-text-password-value ⟦junos-pw1⟧
secret: ⟦oauth-cli-sec1⟧
clientSecret: ⟦{A32}⟧
bearer_token: ⟦{A40}⟧
api-token: ⟦{A24}⟧
x-functions-key: ⟦{A54}==⟧
sonar.login=⟦{H40}⟧
NUGET_API_KEY: ⟦oy2{L43}⟧
CODECOV_TOKEN: ⟦{H8}-{H4}-{H4}-{H4}-{H12}⟧
Hi, the new wifi password is ⟦Sommer2024!⟧ for guests.
You can log in with admin / ⟦P@ssw0rd1⟧
Default credentials: admin:⟦admin1⟧
username: admin, password: ⟦nimda⟧
Username: root  Password: ⟦calvin1⟧
PIN: ⟦4821⟧
Passwort: ⟦Geheim!23⟧
mot de passe : ⟦azerty123⟧
contraseña: ⟦hola1234⟧
пароль: ⟦qwerty12⟧
密码：⟦abc12345⟧
パスワード: ⟦sakura99⟧
Login with user "bob" and password "⟦builder⟧".
use password ⟦xK9#mQ2$⟧ to decrypt
The API key is ⟦{A32}⟧, keep it safe
token=⟦{A32}⟧ was leaked
secret key: ⟦{A40}⟧
My key is: ⟦{H32}⟧
password reset to ⟦Welcome-99⟧
ssh root@h (pw ⟦toor-99x⟧)
`,
  "harmless, fifth look": `
password = input("Enter password: ")
password = prompt('Password?')
$password = $_POST['password'];
String password = null;
char password[64];
"password" text NOT NULL
password: PropTypes.string.isRequired,
password: faker.internet.password(),
password: Joi.string().required()
password: await bcrypt.hash(password, 10),
label: 'Password', name: 'password', type: 'password'
<label for="password">Password</label>
<PasswordField label="Password" />
user.password_digest
expect(page).to have_field('password')
getByLabelText('Password')
#password { width: 100px; }
password.length < 8
"password.reset.title": "Reset your password",
"error.password.tooShort": "Password is too short",
--password-file /run/secrets/pw
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
import { hashPassword } from "./password-utils1";
@password_required
password: !vault |
password: "{{ lookup('env', 'PW') }}"
password = var.db_password
password = random_password.db.result
password = data.aws_secretsmanager_secret_version.x.secret_string
password_wo = ephemeral.random_password.x.result
secret_arn = aws_secretsmanager_secret.db.arn
kms_key_id = "alias/aws/rds"
key_name = "my-keypair"
api_key_name: x-api-key
apiKeyAuth: []
token_endpoint: "https://x/token"
token_ttl: 20m
tokenLimit: 4096
total_tokens: 1234
csrf_token()
next_token = response["NextToken"]
"tokens": ["hello", "world"]
Token(type=NAME, value="foo1")
token = lexer.next_token()
if token == "--help1":
case TOKEN_STRING2:
key = "abc123"
{"key": "value1"}
"key": "Enter2"
cacheKey: 'user-profile-v2',
keyframes: slide-in 2s
hotkey: "ctrl+shift+p"
keywords: ["aws", "s3"]
primaryKey: true
KEY_LENGTH = 256
secret_id = "projects/1/secrets/db"
secrets: inherit
uses: actions/checkout@8ade135a41bc03ea155e62e844d188df1ea18608
image: nginx@sha256:{H64}
checksum: {H64}
"sha1": "{H40}"
revision = "{H40}"
uuid = "{H8}-{H4}-4{H3}-a{H3}-{H12}"
trace_id={H32} span_id={H16}
X-Request-Id: {H32}
ETag: W/"{H32}"
nonce="{A22}"
"_id": "{H24}"
arn:aws:iam::123456789012:role/app
salt = os.urandom(16)
auth = HTTPBasicAuth(user, pw)
auth: true
authorization: granted
credentials: null
credentials = Credentials.from_file("creds1.json")
GOOGLE_APPLICATION_CREDENTIALS=/etc/gcp/key1.json
login(page, 'standard_user')
connect('mqtt://broker:1883')
psk: true
The secret to success is hard work99.
passed: 120, failed: 3
passwordless sudo
compass: N45
`,
};
