/** Texts that scanners like to take for secrets or persons; the marks are those of `outsider-credentials.ts`. */
export const OUTSIDER_HARMLESS: Readonly<Record<string, string>> = {
  "no credential": `
password = os.environ["DB_PASSWORD"]
password: process.env.DB_PASSWORD,
String password = System.getenv("DB_PASSWORD");
password = getpass.getpass()
const token = await getToken(user);
token = request.headers.get("Authorization")
let secret = generateSecret(32);
password = ENV.fetch("PASSWORD")
DB_PASSWORD=§{DB_PASSWORD}
password: §{{ secrets.DB_PASSWORD }}
password: "{{ vault_db_password }}"
password = <your-password>
api_key = "YOUR_API_KEY"
api_key: xxxxxxxxxxxxxxxx
token: "<insert token here>"
secret: "changeme"
password = "********"
password: ""
password = None
"password": null
password: string;
password: str = Field(...)
private String password;
readonly password?: string | undefined
func login(user string, password string) error {
def login(self, username, password):
login(username, password)
auth = (username, password)
auth=(self.user, self.password)
conn.login(user, passwd)
if password == "":
if (password.length < 8) throw new Error("password too short");
assert password is not None
raise ValueError("Invalid password")
"password": "Passwort",
"password_label": "Mot de passe",
"forgotPassword": "Forgot your password?",
"auth.password.confirm": "Confirm password",
password: 'Contraseña',
<label for="password">Password</label>
<input type="password" name="password" placeholder="Password">
<input type="password" id="pw" required>
[type="password"]
input[name=password]
PasswordAuthentication no
PermitRootLogin prohibit-password
password_hash_algorithm: sha256
password_policy: strong
passwordResetUrl = "/account/reset"
token_url: https://auth.example.org/oauth/token
secretName: db-credentials
secretKeyRef: {name: db, key: password}
existingSecret: my-release-postgres
tokenType: "Bearer"
token_type=bearer
"token_endpoint_auth_method": "client_secret_basic"
grant_type=client_credentials
response_type=token
max_tokens: 4096
tokens: 128000
num_tokens=512
"tokenizer": "cl100k_base"
cache_key = "user:profile:v2"
primary_key: id
foreign_key = "order_id"
partition_key=customerId
sort_key: createdAt
public_key = "ssh-ed25519 AAAA{X64} user"
ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ{X80} me
-----BEGIN PUBLIC KEY-----⏎{X64}⏎-----END PUBLIC KEY-----
-----BEGIN CERTIFICATE-----⏎{X64}⏎-----END CERTIFICATE-----
commit {H40}
sha256:{H64}
"integrity": "sha512-{X86}=="
"resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz#{H40}"
h1:{X43}=
md5 = {H32}
ETag: "{H32}"
request_id={H8}-{H4}-4{H3}-a{H3}-{H12}
trace-id: {H32}
traceparent: 00-{H32}-{H16}-01
X-Amzn-Trace-Id: Root=1-{H8}-{H24}
AKIAIOSFODNN7EXAMPLE is the key of the documentation
arn:aws:iam::123456789012:role/deploy
arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf
data:image/png;base64,iVBORw0KGgo{X90}
background: url(data:font/woff2;base64,d09GMgABAAAAA{X80})
import passport from "passport"; // 12345678
const passport = require('passport'), port = 30001234;
docker run -p 8080:80 nginx
docker run -p '8080:80' -p '127.0.0.1:5432:5432' x
mkdir -p '/var/lib/app'
mkdir -p build/output
ps -p 12345
ssh -p 2222 host
tar -p -xf a.tar
nmap -p 1-1024 host
pytest -p no:cacheprovider
python -m venv -p 'python3.11'
cp -p 'source file' dest
patch -p1 < fix.diff
mvn -P production install
rsync -a src/ dst/
curl -u "§USER:§PASS" https://x
curl -u user: https://x
git clone https://github.com/acme/repo.git
https://user@github.com/acme/repo
postgres://§{USER}:§{PASS}@db/x
postgres://user:password@localhost/db
mongodb://localhost:27017/test
http://localhost:3000/login?next=/home
sshpass -p "§SSH_PASS" ssh host
mysql -u root -p shop
docker login -u ci --password-stdin
PGPASSWORD=§PGPASS psql
user/group: www-data/www-data
owner/repo: acme/website
input/output: stdin/stdout
user/pass: see the vault
login: Mon 10:00 / Fri 18:00
Login/Logout: both work
Password must contain 8 characters, one digit and one symbol.
The password is stored as a salted hash.
The password is required.
Please enter your password: 
Your password has been changed.
password: required|min:8
'password' => 'required|string|confirmed',
'password' => Hash::make($request->password),
password: bcrypt.hashSync(pw, 10)
password = User::generatePassword();
token = token.strip()
setPassword(newPassword);
setPassword(null);
expect(screen.getByLabelText('Password')).toBeVisible()
it('rejects a wrong password', async () => {
test_password_reset_sends_email
cy.get('#password').type(user.password)
By.ID, "password"
@Column({ name: 'password_hash' })
private_key_path = "/etc/ssl/private/server.key"
secrets_file: ./secrets.yaml
key: ctrl+shift+p
"key": "Enter"
keyboard: us
Authorization: Bearer <token>
Authorization: Bearer §TOKEN
Authorization: Basic §{BASIC}
Authorization: Bearer {access_token}
WWW-Authenticate: Basic realm="Restricted Area"
X-API-Key: {{apiKey}}
api_key=os.getenv('KEY')
new PDO($dsn, $user, $pass);
DriverManager.getConnection(url, user, password);
map.put("username", "password");
connect("localhost", "users");
range("admin", "editor")
roles = ("admin", "superuser")
pair = ('left', 'right')
auth = ('basic', 'digest')
WiFi.begin(ssid, password);
CREATE USER app IDENTIFIED BY '§{PW}';
SELECT password FROM users WHERE id = 1
INSERT INTO settings (k, v) VALUES ('theme', 'dark')
ALTER TABLE users ADD COLUMN password_hash varchar(255);
function authenticate(token: string): Promise<User>
type Token = { kind: "identifier"; value: string }
case Token.STRING: return "string";
csrf_token()
{% csrf_token %}
token == null ? "anonymous" : token.sub
author = "Jane Roe"
authority: https://login.microsoftonline.com/common
compass: north-by-northwest
bypass = "never-at-night"
passive: true
passenger: Smith42Jr
tokenize("hello world 123")
secretary: "Maria Gonzalez 2"
keyframes: fadeIn2s
monkey = "banana-split-7"
turkey: Ankara06
cryptokitties_id = 1234567
password = kwargs.pop("password", None)
password = self.config.get('database', 'password')
pwd = os.getcwd()
PWD=/home/joe/project
OLDPWD=/var/log/nginx-1
$pwd = Get-Location
password_field = driver.find_element(By.ID, "password")
pass: 42 fail: 0
tests pass: true
pass = "first" if i == 0 else "second"
pass/fail: 10/2
Token expired at 2024-05-01T10:00:00Z
error: unexpected token '}' at line 12
Unexpected token < in JSON at position 0
secret santa: Thursday 19:00
`,
  "no person": `
Order 4111-2233-4455 has shipped.
Order number: 1234567890
order #112-3456789-1234567
Tracking 1Z999AA10123456784
tracking number 9400 1000 0000 0000 0000 00
FedEx 123456789012
ISBN 978-3-16-148410-0
ISBN-10: 0-306-40615-2
EAN 4006381333931
UPC 036000291452
Invoice 2024-00012345
Ticket INC0012345678
JIRA-12345678
Version 1.2.3.4
version 10.0.19045.3803
Chrome/120.0.6099.109
v2.10.0-rc.1+20240501
nginx 1.25.3.1 build
build 20240501.1234
2024-05-01 10:15:22
01/05/2024 10:15
20240501101522
1714558522
1714558522123
epoch: 1714558522
timestamp=1714558522123
Date: Wed, 01 May 2024 10:15:22 GMT
Duration 00:12:34.567
lat 52.520008, lon 13.404954
48.8584, 2.2945
-33.8688 151.2093
MAC 00:1A:2B:3C:4D:5E
00-1A-2B-3C-4D-5E
001a.2b3c.4d5e
Price: 1,234,567.89 EUR
Total $12,345.67
1.234.567,89 €
£1 250 000
population 8 804 190
size 1073741824
1048576 bytes
12345678 rows
rows 1-1000 of 1234567
port 27017
127.0.0.1
localhost 127.0.0.1:8080
0.0.0.0:443
::1
255.255.255.0
::
pi 3.14159265358979
0.123456789012
6.02214076e23
0x1A2B3C4D5E6F
#1a2b3c
rgb(123, 45, 67)
10.5281/zenodo.1234567
doi:10.1000/182
arXiv:2401.12345
RFC 9110 section 8.8.3
ISO 8601-1:2019
DIN 5008
CVE-2024-123456
pid 123456 tid 140213
user_id: 123456789
id: 987654321
"id": 12345678901
"order_id": 9876543210
"quantity": 1234567
"views": 123456789
sku 4006-3813-3393
part no. 123-45-678
Model SM-G991B/DS
Serial C02X1234ABCD
IMEI model A1234567
Article 12345678Z
room 212-555
Score 3-2-1
call 3 times in 10 minutes
Phone 14 Pro 256 GB
iPhone 15
Call of Duty 2023
telephone exchange opened in 1878
mobile-first since 2012
tel aviv 2024
fax machines sold 1980-1990: 12345
In 2019, 2020, 2021 and 2022
1990-1995, 2001-2005
pages 123-145
123 456 789
1 2 3 4 5 6 7 8 9 10
100 200 300 400 500
§ 1234 Abs. 5
react@18.2.0
@types/node@20.11.5
lodash@4.17.21
user@host:~$
git@github.com:acme/repo.git
@app.route("/x")
a@b
foo@2x.png
icon@3x.png
/usr/lib/python3.11/site-packages
PHP Version 8.2.10.1
SHA1 {H40}
uuid {H8}-{H4}-4{H3}-a{H3}-{H12}
{D8}-{D4}-4{D3}-8{D3}-{D12}
node_modules/.pnpm/a@1.2.3/node_modules/a
Flight LH1234 at 12:34
Train ICE 1234
ZIP 94043-1351
PLZ 10115 Berlin
SW1A 1AA London
Postcode 1012 AB Amsterdam
DE 123456789
VAT DE123456789
USt-IdNr. DE123456788
HRB 12345 B
Case 21-cv-12345
Section 12.34.56.78 of the manual
1.1.1. Introduction
chapter 10.11.12.13 of the law
License: MIT
driver version 535.129.03
licence: Apache-2.0
account: savings
account type 12
passport photo 35 x 45 mm
Passport.js 0.7.0
passport-jwt 4.0.1
Passport control opens at 08301200
card: {width: 320, height: 1200}
card games 4111
social security act of 1935
SSN is required
IBAN is missing
iban: invalid
email: required
e-mail address
E-Mail: 
"phone": "Phone number"
phone: string
phone_number = models.CharField(max_length=20)
ip: string
ipAddress = getIp(request)
score 0.1.2.3
1/2/2024 3/4/2025
M4 x 12, 1234-5678 DIN
resolution 1920x1080
2560 1440 3840 2160
ratio 16:9
12:34:56:78
fe80::1%lo0
`,
};
