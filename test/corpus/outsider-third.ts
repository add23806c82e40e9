/** Written after the rules had been mended by the second set; measured before anything was mended by this one. */
export const OUTSIDER_THIRD: Readonly<Record<string, string>> = {
  "credentials, third look": `
smtp.auth("mailer", "⟦Pigeon#9⟧")
sftp.connect({ host: 'h', username: 'u', password: '⟦sftpPw!⟧' })
pexpect: child.sendline('⟦p3xpectPw⟧')  # password
BasicAuth("ops", "⟦grafanaOps1!⟧")
new SqlConnection("Server=db;User Id=x;Password=⟦sqlC0nn⟧")
opts.SetUsername("u").SetPassword("⟦mqttPw!⟧")
Credentials.basic("joe", "⟦okHttp!3⟧")
database.password: "⟦hocon-Pw1⟧"
"DB_PASSWORD": "⟦lambdaEnv!⟧"
$env:DB_PASSWORD = "⟦pwshEnv!1⟧"
setx API_TOKEN ⟦{A32}⟧
oc login -u dev -p ⟦0pensh1ft⟧ https://api
mongodump --uri "mongodb://u:⟦dumpPw1⟧@h/db"
pg_restore -d "postgres://u:⟦rest0re⟧@h/db" f
--from-literal=api-key=⟦{A32}⟧
ALTER ROLE app PASSWORD '⟦r0lePw!⟧';
SET PASSWORD FOR 'x'@'%' = PASSWORD('⟦setPw!88⟧');
admin_password = ⟦tfvarsPw9⟧
login_password: ⟦ans1blePw⟧
<user name="a" password="⟦tomc4tPw⟧" roles="x"/>
let api_key = "⟦{A32}⟧".to_string();
export SLACK_WEBHOOK=https://⟦hooks.slack.com/services/T{M8}/B{M8}/{A24}⟧
"token": "⟦{H40}⟧"
access-token ⟦{A40}⟧
PASS=⟦ciSecret77⟧
the root password was changed to ⟦N3wR00t!x⟧
Password (temporary): ⟦Tmp-8842x⟧
pw=⟦legacyPw8⟧;
userPassword:: ⟦e1NTSEF9{A30}⟧
key: "⟦{X43}=⟧" # encryption key
`,
  "personal, third look": `
Kontaktieren Sie uns: ⟦+49 221 4710123⟧
Tel: ⟦(0131) 496 0000⟧
tel ⟦0118 999 88199⟧
call ⟦+1 (650) 253-0000⟧
phone: ⟦6502530000⟧
teléfono ⟦+34 612 34 56 78⟧
⟦+33612345678⟧
Mob.: ⟦+48 601-234-567⟧
email me: ⟦first.last@company-name.de⟧
visa ⟦4000 0566 5566 5556⟧
IBAN ⟦IT60 X054 2811 1010 0000 0123 456⟧
SSN ⟦078-05-1121⟧
remote_addr=⟦77.88.55.60⟧
CPF ⟦935.411.347-80⟧
NIE ⟦Y1234567X⟧
`,
  "harmless, third look": `
auth.login(username, passwd)
new Credentials(config.user, config.pass)
connect("ws://localhost:8080", "chat")
authenticate('local', { failureRedirect: '/login2' })
passport.authenticate('jwt2', { session: false })
docker exec -w '/srv/app1' c ls
find . -name 'x1' -print
nc -p '4444' -l
login/password form
user/password authentication
Password reset link sent at 12:30
password field is required
password is too short
password hashing with bcrypt12
token refresh in 300s
| token | string | yes |
| password | string1 | required |
secret: { type: 'string' }
signIn("google", { callbackUrl: "/home2" })
signIn('credentials', { redirect: false })
credentials: 'include'
credentials = "same-origin"
let auth = Auth2Client("v1", "v2")
key: 'value12'
order 415 555 2671
phone model SM-1234567
call 12345
from 2020-2024 we sold 1234567
ver 4.15.0.213
uid=1000123456
`,
};
