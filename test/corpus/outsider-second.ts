/** Written after the rules had been mended by the first set, and measured before anything was mended by this one. */
export const OUTSIDER_SECOND: Readonly<Record<string, string>> = {
  "credentials, second look": String.raw`
ftp.login('backup', '⟦Tape#4all⟧')
imap.login(user="ops", password="⟦m4ilbox⟧")
client.authenticate("svc-report", "⟦R3p0rt3r⟧")
$client->setAuth('deploy', '⟦d3pl0y-m3⟧');
curl_setopt($ch, CURLOPT_USERPWD, "api:⟦curl0pt!x⟧");
httpclient.Credentials = new NetworkCredential("a", "⟦b!gC0rp⟧");
mail.Credentials = New-Object System.Net.NetworkCredential("⟦a@x.io⟧", "⟦Outl00k!⟧")
MongoClient('db', username='root', password='⟦mg-r00t⟧')
redis.Redis(host='h', password='⟦r3d!s⟧')
create_engine("postgresql://svc:⟦eng1ne!⟧@db/app")
DB::connection(['user' => 'x', 'pass' => '⟦php-db-1⟧'])
sql.Open("mysql", "root:⟦g0sqlPw⟧@tcp(127.0.0.1:3306)/x")
Npgsql: Host=db;Username=u;Password=⟦npg5ql!⟧;Database=x
OdbcConnection("DSN=x;UID=sa;PWD=⟦0dbcPw⟧;")
<connectionString>Server=a;Uid=b;Pwd=⟦xmlConn1!⟧;</connectionString>
rabbitmqctl add_user joe ⟦r4bb1tPw⟧
mysqladmin -u root password ⟦n3wR00t!⟧
influx -username admin -password ⟦1nflux!⟧
smbclient //srv/share -U joe%⟦smbPw22⟧
rdesktop -u joe -p ⟦rdpPw!22⟧ host
kubectl create secret generic db --from-literal=password=⟦k8sLit3ral⟧
helm upgrade x --set auth.rootPassword=⟦h3lmR00t⟧
terraform apply -var="db_password=⟦tfVar!99⟧"
gpg --batch --passphrase ⟦gpgPass!⟧ -d f
git remote add o https://joe:⟦{A40}⟧@bitbucket.org/x/y.git
pip install --index-url https://u:⟦p1pIdx!⟧@pypi.example.org/simple x
composer config http-basic.repo.example.org u ⟦c0mp0ser⟧
npm config set //r.example.org/:_password ⟦{X24}⟧
machine x login y password ⟦netrcPw1⟧
java -Dspring.datasource.password=⟦jvmOpt!1⟧ -jar a.jar
Environment=DB_PASS=⟦syst3md!⟧
SetEnv APP_SECRET ⟦{A24}⟧
fastcgi_param DB_PASSWORD "⟦nginxPw9⟧";
PASSWORD="⟦bash-S3t⟧" ./run.sh
read -p "..." ; PASS=⟦sh3llPw⟧
if [ "$1" == "secret" ]; then TOKEN="⟦{A32}⟧"; fi
@echo off⏎set DB_PWD=⟦b4tchPw⟧
Dim strPassword As String = "⟦vbN3t!⟧"
strPwd = "⟦vbScr1pt⟧"
DECLARE @pwd varchar(20) = '⟦tsqlPw1!⟧'
private const val API_SECRET = "⟦{A32}⟧"
let password: String = "⟦sw1ftPw!⟧"
static let token = "⟦{A40}⟧"
final String apiKey = '⟦{A32}⟧';
secret := []byte("⟦g0Byt3s!⟧")
std::string passwd("⟦cppInit9⟧");
char pass[] = "⟦cArr4y!⟧";
PASSWORD constant varchar2(30) := '⟦plsqlPw1⟧';
my $pass = '⟦p3rlP4ss⟧';
local password = "⟦lu4Pass!⟧"
password <- "⟦rLang22!⟧"
:password => '⟦rubyH4sh⟧',
password: "⟦el1xir!x⟧",
(def db {:user "x" :password "⟦cl0jure!⟧"})
"smtpPassword" : "⟦smtp-12x⟧",
"adminPwd": "⟦adm!nPwd⟧"
"secretAccessKey": "⟦{X40}⟧"
<wsse:Password Type="PasswordText">⟦s04pPw!⟧</wsse:Password>
<string name="facebook_client_token">⟦{H32}⟧</string>
<Setting Name="ApiKey" Value="⟦{A32}⟧" />
app_secret,⟦{H32}⟧
| password | ⟦t4blePw!⟧ |
* Password: ⟦m4rkdown⟧
**Password:** ⟦b0ldPw!!⟧
Default login is admin with password ⟦r0uterPw⟧.
Use username "demo" and password "⟦d3moPw12⟧" to sign in.
ssh pi@host (password ⟦raspb3rry⟧)
the wifi key is ⟦Wpa2Key!9⟧
PIN/password => ⟦K3yPad77⟧
my api key: ⟦{A32}⟧
token=⟦{A40}⟧ status=200
"Authorization": "Basic ⟦dXNlcjpwYXNzdzByZCE=⟧"
-H "PRIVATE-TOKEN: ⟦{A20}⟧"
X-API-KEY=⟦{A32}⟧
?sig=⟦{A43}%3D⟧&sv=2020-08-04&se=2026-01-01&sp=r
webhook_secret: ⟦whsec_{A32}⟧
expect "assword:"; send "⟦exp3ctPw⟧\r"
page.fill('#password', '⟦pl4ywright⟧')
await page.type('input[name=password]', '⟦pupp3teer⟧')
User.create!(email: 'x', password: '⟦s33dsPw!⟧')
factory(password="⟦t3stFact⟧")
`,
  "personal, second look": `
You can reach Ms. Roe under ⟦+49 170 1234567⟧ or ⟦jane@roe.example⟧.
Kontakt: ⟦0221 / 4710 123⟧
Ring me on ⟦0161 496 0000⟧
Mon portable : ⟦07 81 23 45 67⟧
N° de téléphone: ⟦0033 1 42 68 53 00⟧
Ph: ⟦(03) 9876 5432⟧
Cel: ⟦+55 21 99876-5432⟧
Tel.No.: ⟦+86 138 1234 5678⟧
"telephone": "⟦617.253.1000⟧"
(⟦800) 555-0199⟧ is our hotline
HP: ⟦+65 9123 4567⟧
Nummer: ⟦+41 79 123 45 67⟧
hello I'm at ⟦646-555-0190⟧
e: ⟦k.smith@uni-x.example.edu⟧
mail ⟦"john doe"@example.com⟧ bounced
card ending: full ⟦4242424242424242⟧ cvc ⟦123⟧
CC# ⟦5105-1051-0510-5100⟧
⟦2223003122003222⟧ mastercard
pay to ⟦AT61 1904 3002 3457 3201⟧
IBAN=⟦PL61109010140000071219812874⟧
SS# ⟦457-55-5462⟧
Social: ⟦457-55-5462⟧
peer=⟦185.60.216.35⟧:443
login from ⟦2a03:2880:f12f:83:face:b00c:0:25de⟧
src=⟦151.101.1.69⟧ dst=10.0.0.4
Passport: ⟦X4RTPPFW4⟧ Germany
Passeport français ⟦14AA12345⟧
ppt no ⟦533380006⟧
Fahrerlaubnis / driver license: ⟦F255921022⟧
CPF do cliente: ⟦123.456.789-09⟧
mi DNI es ⟦00000000T⟧
CF ⟦MRTMTT91D08F205J⟧
NHS no: ⟦401 023 2137⟧
pesel: ⟦02070803628⟧
aadhaar no ⟦4991 1866 5246⟧
SIN: ⟦130-692-544⟧
Personnummer: ⟦19640823-3234⟧
fødselsnummer ⟦01129955151⟧
CPR-nr. ⟦211062-5629⟧
`,
  "harmless, second look": `
connect(host, port, "utf8mb4", "InnoDB2")
auth("read", "write")
router.get('/login', 'AuthController2@index')
Route::post('login', 'LoginController@store');
auth: ['jwt', 'apiKey2']
describe('login', 'works1')
login('https://a.example.org', '/v1/auth')
app.connect('127.0.0.1', 'client1')
socket.connect("tcp://host:5555", "topic1")
signal.connect("clicked", on_click2)
createHash('sha256')
createHmac('sha256', key)
jwt.verify(token, publicKey, 'RS256')
t('login.title2', 'Sign in')
auth0 = ("tenant", "region")
authors = ("Ann B2", "Bob C3")
credentials: read/write
login: admin / operator
sign in with Google / GitHub
user/pass: both required
username and password: see README
docker run -p 8080 -w /app image
grep -w "word1" file
sort -k '2n' file
screen -p 0 -X stuff
ssh -p '2222' host
psql -p "5432" -U app
python -w 'ignore::x'
perl -pe 's/a1/b2/'
sed -p '1d' file
cp -a "src1/." dst
redis-server --requirepass $PASS
echo "build-12 done" | sudo tee log
echo hello | passwd --help
net user
zip -r out.zip dir1
openssl x509 -in a.pem -noout
openssl rand -hex 32
keytool -list -keystore k.jks
htpasswd -c file joe
token AbstractSyntaxNode at line 12
next token identifier expected
api key rotation policy
The API key is missing
type="password" autocomplete="new-password"
$("#password").val()
password.value = ""
input.value = "hello42"
.sendKeys("hello42")
variable "db_password" { type = string }
secret = var.secret
secret_key_base: <%= ENV["SECRET_KEY_BASE"] %>
password: !vault |
token: §{{ github.token }}
passwordCredentials: []
passwords.csv
"passwordPolicy": {"min": 8}
password_min_length = 12
PASSWORD_MIN=8
keyboardShortcut: "Ctrl+K1"
key = "users/42/avatar"
apiKeyHeader: "x-api-key"
secretRef: my-app-2
TOKEN_TTL=3600s
access_token_expires_in=7200
bearerFormat: JWT
{"type":"password","title":"Password"}
2024-01-02T03:04:05.678Z INFO user logged in
session_timeout: 30m
Session ended 12:30
import { auth } from './auth2'
passport photo 12345678
passport.use(new LocalStrategy2())
call number QA76.73 2009
cell B12: 1234567
text 1234567 bytes
mobile: 375px
phone: null
call stack 0x7fff1234567
fax 3.0.12.1
tel aviv 1909-2009
12.34.56.78.90
03.04.2024 05:06
06.12.2024 12:34
build 07.01.12.34
ssh user@bastion
pkg@1.22.33.4
docker.io/lib/x@sha256:{H64}
root@localhost
IBAN check 97
d'accord@
o'clock 12
lot 4111111111111112
EORI GB123456789000
SWIFT DEUTDEFF500
LEI 529900T8BM49AURSDO55
GTIN 00012345600012
VIN 1HGCM82633A004352
ISSN 2049-3630
ORCID 0000-0002-1825-0097
PMID: 31452104
case no. 1:21-cv-00123
route 10.0.0.0/8 via 172.16.0.1
meeting ID 123 456 7890
room 415-2671
`,
};
