/** Sentences about persons, as synthetic corpora of personal data write them; the marks are those of `outsider-credentials.ts`. */
export const OUTSIDER_PERSONAL: Readonly<Record<string, string>> = {
  PHONE_NUMBER: `
Call me at ⟦(212) 555-0123⟧ tomorrow.
My number is ⟦415-555-2671⟧, text anytime.
Phone: ⟦202.555.0143⟧
Reach us toll free on ⟦1-800-275-2273⟧.
Phone ⟦+1-613-555-0177 ext. 12⟧
Call ⟦020 7946 0018⟧ between nine and five.
London office: ⟦+44 (0)20 7946 0018⟧
Tel. ⟦(0)20 7946 0018⟧
mobile ⟦07700 900123⟧
Tel.: ⟦030 901820⟧
Telefon: ⟦+49 (0)89 / 123456-78⟧
Handy ⟦0171 2345678⟧
Téléphone : ⟦01 42 68 53 00⟧
Appelez le ⟦06.12.34.56.78⟧
Teléfono: ⟦91 123 45 67⟧
Móvil ⟦612 345 678⟧
Cellulare: ⟦333 123 4567⟧
tel. ⟦06 6982 1234⟧
Telefoon: ⟦020 624 1111⟧
Mobiel: ⟦06-12345678⟧
Tel: ⟦02 511 12 34⟧ (Bruxelles)
Tel. ⟦044 668 18 00⟧, Zürich
Telefon ⟦01 51514 0⟧ Wien, oder ⟦+43 1 515140⟧
Puh. ⟦09 1234567⟧ tai ⟦040 1234567⟧
Telefon: ⟦08-123 456 78⟧ (växel)
Tlf. ⟦22 12 34 56⟧
Tlf.: ⟦33 12 34 56⟧ København
tel. ⟦22 621 02 51⟧ Warszawa
telefon: ⟦601 234 567⟧
Tel. ⟦224 111 222⟧ Praha
Telefone: ⟦(11) 98765-4321⟧
Tel: ⟦21 346 35 00⟧ Lisboa
Teléfono: ⟦55 5123 4567⟧ CDMX
Tel ⟦011 4321-1234⟧ Buenos Aires
Phone: ⟦(02) 9374 4000⟧ Sydney
Mobile ⟦0412 345 678⟧
電話：⟦03-3224-9999⟧
携帯 ⟦090-1234-5678⟧
전화: ⟦02-312-3456⟧
휴대폰 ⟦010-1234-5678⟧
电话：⟦010-65552000⟧
手机 ⟦13812345678⟧
Phone: ⟦+91 98765 43210⟧
mob: ⟦9876543210⟧
тел. ⟦8 (495) 123-45-67⟧
Телефон: ⟦+7 495 123-45-67⟧
Tel: ⟦0212 251 92 00⟧ Istanbul
טלפון ⟦03-6957361⟧
Phone: ⟦011 978 5313⟧ Johannesburg
Phone ⟦+353 1 890 0000⟧
WhatsApp me: ⟦+971 50 123 4567⟧
{"phone":"⟦555-123-4567⟧"}
{"mobile":⟦4915112345678⟧}
contact_phone,⟦(650) 253-0000⟧
fax ⟦+81 3 1234 5678⟧
<a href="⟦tel:+14155552671⟧">call</a>
Phone: ⟦001-650-253-0000x123⟧
Tel ⟦6123 4567⟧ Singapore
`,
  EMAIL_ADDRESS: `
Write to ⟦jane.doe+news@example.com⟧ please.
<⟦bob@mail.example.co.uk⟧>
From: "Smith, J." <⟦j_smith@acme.io⟧>
email=⟦a.b-c@sub.domain.travel⟧&x=1
mailto:⟦info@müller.de⟧
⟦o'brien@example.ie⟧ replied
user ⟦anna%40example.org⟧ logged in
contact ⟦x@y.museum⟧.
`,
  IBAN: `
IBAN: ⟦DE89 3704 0044 0532 0130 00⟧
Send it to ⟦GB29NWBK60161331926819⟧
iban ⟦FR14 2004 1010 0505 0001 3M02 606⟧
⟦NL91ABNA0417164300⟧ t.n.v. Jansen
Kontonummer ⟦CH93 0076 2011 6238 5295 7⟧
IBAN⟦ES91 2100 0418 4502 0005 1332⟧
"iban":"⟦no9386011117947⟧"
BE: ⟦BE68-5390-0754-7034⟧
`,
  CARD_NUMBER: `
My card is ⟦4111 1111 1111 1111⟧ exp 12/27
card number: ⟦5555555555554444⟧
Amex ⟦3782 822463 10005⟧
⟦6011-1111-1111-1117⟧ was declined
pan=⟦4012888888881881⟧
{"cardNumber":⟦3530111333300000⟧}
Diners ⟦3056 930902 5904⟧
Visa ⟦4222222222222⟧
`,
  US_SSN: `
My SSN is ⟦536-22-8731⟧.
social security number ⟦536 22 8731⟧
ssn: ⟦536228731⟧
{"ssn":"⟦219-45-9876⟧"}
Applicant ⟦219-45-9876⟧, born 1970
`,
  US_ITIN: `
ITIN: ⟦912-70-1234⟧
individual taxpayer id ⟦945-88-1234⟧
`,
  IP_ADDRESS: `
Accepted password for root from ⟦203.0.113.77⟧ port 22
client ip: ⟦84.17.45.9⟧
⟦198.51.100.23⟧ - - [10/Oct/2024:13:55:36 +0000] "GET / HTTP/1.1" 200 12
IPv6 ⟦2001:db8:85a3::8a2e:370:7334⟧ is up
http://⟦93.184.216.34⟧:8080/x
[⟦2a02:8109:9c40:1b3c::1⟧]:443
ssh root@⟦45.33.32.156⟧
X-Forwarded-For: ⟦91.198.174.192⟧, ⟦8.26.56.26⟧
`,
  PASSPORT_NUMBER: `
Passport number: ⟦C01X00T47⟧
US passport ⟦912803456⟧
my passport no. is ⟦A1234567⟧
Reisepass-Nr. ⟦C01X0006H⟧
passeport n° ⟦12AB34567⟧
passport_number: "⟦K8765432⟧"
Passport # ⟦561234567⟧
⟦P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<⏎L898902C36UTO7408122F1204159ZE184226B<<<<<10⟧
`,
  DRIVER_LICENCE: `
Driver's license: ⟦D1234567⟧ (CA)
driver license number ⟦S530-4606-1234⟧
driving licence ⟦MORGA657054SM9IJ⟧
DL# ⟦123456789⟧
Führerschein Nr. ⟦B072RRE2I55⟧
`,
  "national ids": `
NHS number: ⟦943 476 5919⟧
nhs ⟦9434765919⟧
NI number ⟦AB 12 34 56 C⟧
NINO: ⟦JG103759A⟧
DNI ⟦12345678Z⟧
NIE: ⟦X1234567L⟧
CPF ⟦111.444.777-35⟧
CPF: ⟦52998224725⟧
CNPJ ⟦11.222.333/0001-81⟧
Codice fiscale: ⟦RSSMRA85T10A562S⟧
N° sécu ⟦2 55 08 14 168 025 38⟧
PESEL ⟦44051401359⟧
BSN: ⟦111222333⟧
burgerservicenummer ⟦123456782⟧
SIN ⟦046 454 286⟧
TFN: ⟦123 456 782⟧
Medicare ⟦2123 45670 1⟧
Steuer-ID ⟦86 095 742 719⟧
AHV-Nr. ⟦756.9217.0769.85⟧
personnummer ⟦811228-9874⟧
hetu ⟦131052-308T⟧
Aadhaar: ⟦2341 2341 2346⟧
PAN ⟦ABCPE1234F⟧
NRIC ⟦S1234567D⟧
HKID ⟦G123456(A)⟧
CURP ⟦HEGG560427MVZRRL04⟧
TC Kimlik No: ⟦10000000146⟧
身份证号 ⟦11010519491231002X⟧
rodné číslo ⟦736028/5163⟧
CNP ⟦1960101221141⟧
NIF ⟦123456789⟧ (PT)
rijksregisternummer ⟦85.07.30-033.28⟧
teudat zehut ⟦123456782⟧
NPI: ⟦1234567893⟧
Mijn BSN is ⟦111222333⟧.
PPS number ⟦1234567T⟧
`,
  BANK_ACCOUNT: `
account number: ⟦0123456789⟧
Acct no. ⟦4567890123⟧, routing ⟦021000021⟧
bank account ⟦945456787654⟧
`,
};
