/**
 * Written by someone who had not read the rules, from memory of what public corpora and the tests of scanners hold.
 * A line is a sample; ⟦…⟧ is what must go, ⏎ a new line, § a dollar sign, {A36} a draw of `random.ts`.
 */
export const OUTSIDER_CREDENTIALS: Readonly<Record<string, string>> = {
  // As in the tests of secretlint, gitleaks, trufflehog and detect-secrets.
  "scanner tests": String.raw`
aws_access_key_id=⟦AKIA{B16}⟧
AWS_SECRET_ACCESS_KEY = ⟦{X40}⟧
export AWS_SECRET_ACCESS_KEY="⟦{X40}⟧"
aws_account_key='⟦{X40}⟧'
"SecretAccessKey": "⟦{X40}⟧",
secret_key: ⟦{X40}⟧
sts := "⟦ASIA{B16}⟧"
const client = new Octokit({ auth: "⟦ghp_{A36}⟧" })
https://⟦ghp_{A36}⟧@github.com/acme/repo.git
https://x-access-token:⟦ghs_{A36}⟧@github.com/acme/repo.git
GITHUB_PAT=⟦github_pat_{A22}_{A59}⟧
git clone https://oauth2:⟦glpat-{W20}⟧@gitlab.example.com/g/p.git
PRIVATE-TOKEN: ⟦glpat-{W20}⟧
slack_bot = ⟦xoxb-{D12}-{D12}-{A24}⟧
curl -X POST https://⟦hooks.slack.com/services/T{M8}/B{M8}/{A24}⟧
SLACK_APP_TOKEN: ⟦xapp-1-A{M10}-{D13}-{H64}⟧
stripe.api_key = "⟦sk_live_{A24}⟧"
STRIPE_KEY=⟦rk_live_{A24}⟧
SG_KEY=⟦SG.{W22}.{W43}⟧
//registry.npmjs.org/:_authToken=⟦npm_{A36}⟧
//registry.npmjs.org/:_authToken=⟦{H8}-{H4}-4{H3}-a{H3}-{H12}⟧
password = ⟦pypi-AgEIcHlwaS5vcmc{W150}⟧
OPENAI_API_KEY=⟦sk-proj-{A74}T3BlbkFJ{A74}⟧
openai.api_key = "⟦sk-{A20}T3BlbkFJ{A20}⟧"
anthropic: ⟦sk-ant-api03-{W93}AA⟧
const key = '⟦AIza{W35}⟧';
"client_secret":"⟦GOCSPX-{W28}⟧"
access_token: ⟦ya29.{W120}⟧
mongodb+srv://admin:⟦{A14}⟧@cluster0.ab1cd.mongodb.net/test?retryWrites=true
postgres://app:⟦s3cr3tP4ss⟧@db.internal:5432/app
mysql://root:⟦toor-1988⟧@127.0.0.1:3306/shop
amqp://guest2:⟦Wabbit!42⟧@mq:5672/%2f
redis://:⟦p4ssw0rd-redis⟧@cache:6379/0
ftp://user:⟦hunter2x⟧@ftp.example.org/pub
smtp://apikey:⟦{A22}⟧@smtp.example.org:587
https://bob:⟦B0bsPassw0rd⟧@jenkins.example.org/job/build
jdbc:mysql://db:3306/x?user=app&password=⟦Tr0ub4dor%263⟧
jdbc:oracle:thin:scott/⟦t1gerT1ger⟧@//db:1521/ORCL
jdbc:sqlserver://db;databaseName=x;user=sa;password=⟦Pa55w.rd!⟧;encrypt=true
Server=tcp:db.example.net,1433;User ID=sa;Password=⟦yourStrong(!)Pw9⟧;Encrypt=True;
Data Source=db;Initial Catalog=x;User Id=svc;Pwd=⟦k8Jq-2mmZ⟧;
DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=⟦{X86}==⟧;EndpointSuffix=core.windows.net
Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=⟦{X43}=⟧
https://acme.blob.core.windows.net/c/f?sv=2022-11-02&se=2027-01-01T00%3A00%3A00Z&sr=b&sp=r&sig=⟦{A42}%3D⟧
Authorization: Basic ⟦YWRtaW46UzNjcjN0LVBhc3M=⟧
Authorization: Bearer ⟦{A40}⟧
curl -H 'Authorization: token ⟦{H40}⟧' https://api.github.com/user
curl -u admin:⟦Sup3rS3cret⟧ https://nexus.example.org/
curl --user "deploy:⟦Kq9-vvB2⟧" https://x.example.org
curl -H "X-Api-Key: ⟦{A32}⟧" https://api.example.org/v1
machine api.heroku.com login ⟦a@example.org⟧ password ⟦{H8}-{H4}-4{H3}-a{H3}-{H12}⟧
heroku_api_key = "⟦{H8}-{H4}-4{H3}-a{H3}-{H12}⟧"
twilio: SID AC{H32} auth_token=⟦{H32}⟧
TWILIO_API_KEY=⟦SK{H32}⟧
mailgun = "⟦key-{H32}⟧"
mailchimp_api_key: ⟦{H32}-us12⟧
facebook_secret = '⟦{H32}⟧'
TWITTER_CONSUMER_SECRET=⟦{A50}⟧
https://⟦discord.com/api/webhooks/{N1}{D17}/{W68}⟧
DISCORD_TOKEN=⟦M{A23}.{W6}.{W38}⟧
TELEGRAM_TOKEN=⟦{N1}{D9}:AA{W33}⟧
SQUARE=⟦sq0atp-{W22}⟧
SHOPIFY_SECRET=⟦shpss_{H32}⟧
dop = ⟦dop_v1_{H64}⟧
HF_TOKEN=⟦hf_{A34}⟧
DATADOG_API_KEY=⟦{H32}⟧
NEW_RELIC_LICENSE_KEY: ⟦{H36}NRAL⟧
export VAULT_TOKEN=⟦hvs.{W95}⟧
ATLASSIAN_API_TOKEN=⟦ATATT3xFfGF0{W180}⟧
artifactory: ⟦AKCp{A69}⟧
ARM_CLIENT_SECRET=⟦{A3}8Q~{W34}⟧
-----BEGIN RSA PRIVATE KEY-----⏎⟦{X64}⏎{X64}⏎{X30}==⟧⏎-----END RSA PRIVATE KEY-----
private_key: "-----BEGIN PRIVATE KEY-----\n⟦{X64}\n{X40}==⟧\n-----END PRIVATE KEY-----\n"
-----BEGIN OPENSSH PRIVATE KEY-----⏎⟦b3BlbnNzaC1rZXktdjEA{X50}⏎{X70}⟧⏎-----END OPENSSH PRIVATE KEY-----
PuTTY-User-Key-File-2: ssh-rsa⏎Encryption: none⏎Private-Lines: 1⏎⟦{X60}⟧⏎Private-MAC: {H40}
Cookie: sessionid=⟦{A32}⟧; theme=dark
Set-Cookie: JSESSIONID=⟦{U4}{D28}⟧; Path=/; HttpOnly
root:⟦§6§{A8}§{A86}⟧:19000:0:99999:7:::
.htpasswd: ⟦admin:§apr1§{A8}§{A22}⟧
otpauth://totp/Acme:a?secret=⟦{B32}⟧&issuer=Acme
eyJhbGciOiJIUzI1NiJ9 header: ⟦eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.{W43}⟧
gcp: "private_key_id": "{H40}", "private_key": "-----BEGIN PRIVATE KEY-----\n⟦{X64}⟧\n-----END PRIVATE KEY-----\n"
secret_token: '⟦{H8}-{H4}-4{H3}-a{H3}-{H12}⟧'
api_token = "⟦{D8}-{D4}-4{D3}-8{D3}-{D12}⟧"
SONAR_TOKEN=⟦{H40}⟧
snyk_token=⟦{H8}-{H4}-4{H3}-a{H3}-{H12}⟧
X-Vault-Token: ⟦s.{A24}⟧
algolia_admin_key = '⟦{H32}⟧'
okta_api_token: ⟦00{W40}⟧
cloudflare_api_key="⟦{H37}⟧"
jwt_secret_key = '⟦{A20}-{A12}⟧'
`,
  // As in CredData: source, settings and logs of many languages.
  "source code": String.raw`
auth = ('admin', '⟦S3cr3t!⟧')
r = requests.get(url, auth=('svc_build', '⟦wX9#plm2⟧'))
requests.post(u, auth=HTTPBasicAuth("elastic", "⟦changedIt9x⟧"))
conn.login("ftpuser", "⟦Fr1day13th⟧")
server.login('me@x', '⟦gmailPw77⟧')
.withCredentials("root", "⟦Gr4f1te⟧")
.basicAuthentication("user", "⟦Moonlight88⟧")
new NetworkCredential("svc", "⟦N3tw0rk!⟧", "CORP")
new UsernamePasswordCredentials("bob", "⟦kQ83hd0p⟧")
DriverManager.getConnection(url, "scott", "⟦T1g3r_x⟧");
pymysql.connect(host='db', user='root', passwd='⟦r00tPw!9⟧', db='x')
mysqli_connect("localhost", "wp", "⟦wpS3cret⟧", "wordpress");
new PDO($dsn, 'dbuser', '⟦dbPa55!⟧');
psycopg2.connect("dbname=x user=y password=⟦zq81Kd⟧ host=db")
sshpass -p '⟦L0gMe1n!⟧' ssh root@10.0.0.5
mysql -u root -p'⟦Mysql@2020⟧' shop < dump.sql
mysqldump -uroot -p⟦Kj83hsQw⟧ shop > dump.sql
docker login -u ci -p ⟦d0ck3rHub99⟧ registry.example.org
docker login --username ci --password ⟦d0ck3rHub99⟧ r.example.org
az login --service-principal -u app -p "⟦{A30}⟧" --tenant t
ldapsearch -x -D "cn=admin,dc=x" -w ⟦Ld4pBind!⟧ -b dc=x
redis-cli -h cache -a ⟦r3d1sAuth⟧ ping
PGPASSWORD=⟦pgS3cr3t⟧ psql -h db -U app
net use Z: \\srv\share /user:corp\bob ⟦Passw0rd2019⟧
openssl enc -aes-256-cbc -k ⟦EncKey!2020⟧ -in a -out b
openssl rsa -in k.pem -passin pass:⟦Op3nSesame⟧
keytool -list -keystore k.jks -storepass ⟦kst0rePw1⟧
zip -P ⟦z1pPw!77⟧ out.zip file
svn checkout --username joe --password ⟦joeJoe12⟧ http://svn
wget --http-user=joe --http-password=⟦wgetPw9⟧ http://x
echo "⟦sud0Pass!⟧" | sudo -S apt update
echo 'root:⟦R00tChange⟧' | chpasswd
user/pass: admin/⟦Qwerty!23⟧
login: testuser / ⟦Blue42Sky⟧
username: joe⏎password: ⟦correct-horse⟧
Credentials: jenkins / ⟦J3nk1ns#1⟧
The password is ⟦Winter2024!⟧ for all lab machines.
Your temporary password: ⟦xK7!mQ2p⟧
pwd: ⟦sommer2019⟧
Passwort: ⟦Gart3nzaun⟧
contraseña: ⟦Madr1d2021⟧
mot de passe : ⟦Bordeaux33!⟧
String password = "⟦iLoveJava8⟧";
private static final String DB_PASS = "⟦0racleR0cks⟧";
const char *kPassword = "⟦embedded!1⟧";
#define WIFI_PASS "⟦MyHomeWifi22⟧"
WiFi.begin("homenet", "⟦MyHomeWifi22⟧");
var dbPassword = "⟦goLang-44⟧"
password := "⟦g0pher!x⟧"
let secret_key: &str = "⟦{A24}⟧";
$password = '⟦phpPw#99⟧';
define('DB_PASSWORD', '⟦wpMySql!7⟧');
define('AUTH_KEY', '⟦{P40}⟧');
'password' => env('DB_PASSWORD', '⟦homestead-9⟧'),
password: '⟦rubyOnRa1ls⟧',
config.secret_key_base = '⟦{H64}⟧'
SECRET_KEY = '⟦django-insecure-{A40}⟧'
app.config['SECRET_KEY'] = '⟦fl4sk-d3v-key⟧'
app.secret_key = b'⟦_5#y2L"F4Q8z⟧'
os.environ["API_TOKEN"] = "⟦{A32}⟧"
process.env.DB_PASS = '⟦n0deJs!Pw⟧';
app.use(session({ secret: '⟦keyb0ard-kitty⟧' }))
jwt.sign(payload, '⟦shhhh1t-s3cret⟧')
jwt.encode(data, "⟦my-jwt-k3y-9⟧", algorithm="HS256")
setPassword("⟦s3tIt!Now⟧");
user.setPassword('⟦Usr#12pw⟧')
form.password.value = "⟦f0rmPw_1⟧"
driver.find_element(By.ID, "password").send_keys("⟦Selen1um!⟧")
cy.get('#password').type('⟦cyPress12⟧')
if (password == "⟦b4ckd00r⟧") grant();
if request.args.get('token') == '⟦{A20}⟧':
assertEquals("⟦pL9!vzQ1⟧", config.getPassword());
<password>⟦m4venPw!⟧</password>
<server><username>u</username><password>⟦{{A20}=}⟧</password></server>
<add key="DbPassword" value="⟦webConf1g⟧" />
<property name="hibernate.connection.password" value="⟦h1bern8!⟧"/>
<property name="password">⟦spr1ngPw⟧</property>
<entry key="api.secret">⟦{A24}⟧</entry>
spring.datasource.password=⟦b00tPwd!⟧
db.pass = ⟦pr0perty_x⟧
  password: ⟦yamlPw#8⟧ # prod
POSTGRES_PASSWORD: ⟦c0mp0se-pg⟧
      - MYSQL_ROOT_PASSWORD=⟦r00t-c0mp⟧
ENV ADMIN_PASSWORD ⟦Adm1nEnv⟧
ARG NPM_TOKEN=⟦{A36}⟧
-e KEYCLOAK_PASSWORD=⟦kc-Adm1n⟧
- name: DB_PASSWORD⏎  value: "⟦k8sPlain!⟧"
{"user":"joe","password":"⟦j50nPw!!⟧"}
{"type":"password","value":"⟦grantPw77⟧"}
[client]⏎user=root⏎password=⟦myCnf_44⟧
variable "db_password" { default = "⟦t3rraPw9⟧" }
master_password = "⟦Rds-M4ster⟧"
ansible_ssh_pass=⟦4nsible!⟧
host1 ansible_user=root ansible_password=⟦4nsible!⟧
--set adminPassword=⟦helmPw12⟧
-Dsonar.password=⟦s0narQ!1⟧
-Djavax.net.ssl.trustStorePassword=⟦trustMe88⟧
client_secret=⟦{A32}⟧&grant_type=client_credentials
grant_type=password&username=joe&password=⟦r0pcFlow!⟧
https://api.example.org/v1?api_key=⟦{A32}⟧
https://api.example.org/v1?access_token=⟦{H40}⟧
[2024-05-01 10:00:02] DEBUG login attempt user=joe password=⟦l0gLeak7⟧
INFO: connecting with token ⟦{A40}⟧
ALTER USER app WITH PASSWORD '⟦alt3rPg!⟧';
CREATE USER 'x'@'%' IDENTIFIED BY '⟦idBy#2020⟧';
GRANT ALL ON *.* TO 'x'@'%' IDENTIFIED BY '⟦gr4ntPw⟧';
EXEC sp_addlogin 'bob', '⟦Sq1Login!⟧'
ConvertTo-SecureString "⟦P0sh!Secure⟧" -AsPlainText -Force
$cred = New-Object PSCredential("svc", (ConvertTo-SecureString '⟦P0sh!Two2⟧' -AsPlainText -Force))
net user bob ⟦N3tUser!1⟧ /add
useradd -p ⟦Us3rAdd!9⟧ bob
requirepass ⟦r3d1sConf⟧
enable secret 5 ⟦§1§{A4}§{A22}⟧
snmp-server community ⟦pr1vComm⟧ RW
rpcuser=btc⏎rpcpassword=⟦{A30}⟧
encryptionKey: "⟦{X43}=⟧"
"apiKey": "⟦{A32}⟧"
consumer_secret => "⟦{A40}⟧"
private_key_password: ⟦pkPw-19x⟧
const API_KEY = "⟦{H32}⟧"
headers = {'X-Auth-Token': '⟦{H32}⟧'}
req.Header.Set("Authorization", "Bearer ⟦{A40}⟧")
req.SetBasicAuth("admin", "⟦g0Basic!⟧")
session.auth = "bob", "⟦sess10nPw⟧"
credentials: { user: "joe", pass: "⟦m4ilPass!⟧" }
auth: { user: 'a', pass: '⟦ethere4l!⟧' }
Net::SSH.start('host', 'user', password: "⟦s5hRuby!⟧")
ssh.connect(host, username="root", password="⟦p4ramiko⟧")
ssh.connect('10.1.1.1', 22, 'root', '⟦p4ramik0!⟧')
<input type="password" name="pw" value="⟦htmlPw!3⟧">
passphrase = "⟦open up 7 sesame⟧"
storePassword '⟦gradlePw1⟧'
keyPassword = "⟦gradlePw2⟧"
AccessToken = @"⟦{A48}⟧";
NSString *secret = @"⟦{A24}⟧";
val token = "⟦{A40}⟧"
`,
};
