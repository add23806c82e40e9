import { stdnum } from "stdnum";
import type { Random } from "./random.ts";
import type { Part } from "./sample.ts";

/** Personal data by kind: how a value is made, and texts that carry it. Checks come from `stdnum`, or are the issuers' own sums where it knows none; never from our rules. */
export interface Personal {
  readonly make: (random: Random, part: Part) => string;
  readonly texts: Readonly<Record<Part, readonly string[]>>;
}

/** Draws until the independent validator is content. */
const valid = (pattern: string, isValid: (value: string) => boolean) => (random: Random) => {
  for (let draw = 0; draw < 200_000; draw += 1) {
    const value = random
      .fill(pattern)
      .replace("~Y", String(60 + random.number(40)))
      .replace("~M", `0${1 + random.number(9)}`)
      .replace("~D", String(10 + random.number(19)));
    if (isValid(value)) return value;
  }
  throw new Error(`no value for ${pattern}`);
};

type Country = Readonly<Record<string, { readonly validate: (value: string) => { readonly isValid: boolean } }>>;
const check = (country: string, name: string) => (value: string) =>
  (stdnum as unknown as Readonly<Record<string, Country>>)[country]?.[name]?.validate(value).isValid === true;

/** A sum of weighted digits as the issuers publish it, for numbers that `stdnum` does not know. */
const summed =
  (weights: readonly number[], holds: (sum: number, digits: readonly number[]) => boolean) => (value: string) => {
    const digits = [...value.replaceAll(" ", "")].map(Number);
    return holds(
      weights.reduce((sum, weight, at) => sum + weight * (digits[at] ?? 0), 0),
      digits,
    );
  };

/** A field of a machine-readable zone with its check digit (ICAO 9303, weights 7, 3, 1). */
function checked(field: string): string {
  const value = (sign: string) => (sign === "<" ? 0 : Number.parseInt(sign, 36));
  const sum = [...field].reduce((total, sign, at) => total + value(sign) * ([7, 3, 1][at % 3] ?? 0), 0);
  return `${field}${sum % 10}`;
}

function luhn(prefix: string, length: number): (random: Random) => string {
  return (random) => {
    const digits = [...random.fill(`${prefix}{D${length - 1 - prefix.length}}`)].map(Number);
    const sum = digits
      .toReversed()
      .reduce((total, digit, at) => total + (at % 2 === 0 ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit), 0);
    return `${digits.join("")}${(10 - (sum % 10)) % 10}`;
  };
}

function account(country: string, bban: string): (random: Random) => string {
  return (random) => {
    const body = random.fill(bban);
    const number = BigInt([...body, ...country, "0", "0"].map((sign) => Number.parseInt(sign, 36)).join(""));
    return `${country}${String(98n - (number % 97n)).padStart(2, "0")}${body}`;
  };
}

const grouped = (value: string) => value.replace(/(.{4})(?=.)/g, "$1 ");
const sentences = (dev: readonly string[], heldOut: readonly string[]) => ({ dev, "held-out": heldOut });

const NAMES = ["ada.lovelace", "bob", "j.smith", "maria_garcia", "li-wei", "o.berg+news", "k8s.admin", "anna99"];
const HOSTS = ["example.com", "mail.example.org", "maths.example.co.uk", "firma.example.de", "example.io"];
const PHONES: Readonly<Record<Part, readonly string[]>> = {
  dev: [
    "+1 415 555 2{D3}",
    "(212) 555-0{D3}",
    "646-555-0{D3}",
    "+44 20 7946 0{D3}",
    "+49 30 90182{D3}",
    "+33 6 12 34 5{D1} 78",
    "+91 98765 4{D4}",
    "020 7946 0{D3}",
    "06 12 34 5{D1} 78",
    "+81 3-1234-5{D3}",
    "617.555.0{D3}",
  ],
  "held-out": [
    "+1-303-555-0{D3}",
    "(503)555-0{D3}",
    "1-800-555-0{D3}",
    "+34 612 34 5{D1} 67",
    "+39 06 6982 {D4}",
    "+61 2 9374 4{D3}",
    "+55 11 9{D4}-{D4}",
    "0171 234567{D1}",
    "01 42 68 5{D1} 00",
    "+46 8 123 4{D1} 00",
    "001-541-754-3{D3}",
    "212-555-0{D3} x{D3}",
  ],
};
const PHONE_TEXTS = sentences(
  [
    "Call me at @@ tomorrow.",
    '{"name":"Ada","phone":"@@"}',
    "ada,@@,Oslo",
    "Tel: @@",
    "You can reach our desk on @@ until 5pm",
  ],
  ["My number is @@, thanks", "phone_number=@@", "<td>@@</td>", "Mobile @@ / office", "SMS to @@ failed: 30003"],
);
const id = (label: string, other: string) =>
  sentences(
    [`${label} @@`, `${label}: @@, born in June`, `| ${label} | @@ |`],
    [`${other} @@.`, `The customer gave ${other} as @@`, `${other}=@@;`],
  );

export const PERSONAL: Readonly<Record<string, Personal>> = {
  EMAIL_ADDRESS: {
    make: (random) => `${random.pick(NAMES)}@${random.pick(HOSTS)}`,
    texts: sentences(
      ["mail @@ please", '{"email":"@@"}', "From: Ada <@@>", "1,@@,active", "mailto:@@?subject=x", "author: @@\n"],
      ["contact(@@)", "user=@@&x=1", "git commit by @@ on Monday", '<a href="mailto:@@">', "'@@',", "to:@@;cc:none"],
    ),
  },
  PHONE_NUMBER: { make: (random, part) => random.fill(random.pick(PHONES[part])), texts: PHONE_TEXTS },
  CARD_NUMBER: {
    make: (random, part) => {
      const [prefix, length] = random.pick([
        ["4", 16],
        ["51", 16],
        ["2221", 16],
        ["37", 15],
        ["6011", 16],
        ["3530", 16],
        ["62", 16],
        ["36", 14],
      ] as const);
      const number = luhn(prefix, length)(random);
      return part === "dev" || length !== 16
        ? number
        : random.pick([grouped(number), grouped(number).replaceAll(" ", "-")]);
    },
    texts: sentences(
      ["card @@ exp 12/28", '{"pan":"@@"}', "charged @@ twice", "1;@@;EUR"],
      ["Visa @@, CVV on file", "INSERT INTO cards VALUES ('@@');", "paid with @@"],
    ),
  },
  IBAN: {
    make: (random, part) => {
      const number = random.pick([
        account("DE", "{D18}"),
        account("GB", "WEST{D14}"),
        account("FR", "{D10}{M11}{D2}"),
        account("NL", "ABNA{D10}"),
        account("ES", "{D20}"),
        account("CH", "{D17}"),
        account("IT", "X{D22}"),
        account("PL", "{D24}"),
      ])(random);
      return part === "dev" ? number : grouped(number);
    },
    texts: sentences(
      ["IBAN @@", '{"account":"@@"}', "Please pay to @@."],
      ["transfer to @@ today", "Bankverbindung: @@", "| @@ | open |"],
    ),
  },
  US_SSN: {
    make: valid("{D3}-{D2}-{D4}", check("US", "ssn")),
    texts: sentences(
      ["SSN @@", "ada,@@,1980-01-01", '{"ssn":"@@"}', "his social is @@"],
      ["Social Security Number: @@", "('Ada', '@@')", "ssn=@@&x=1", "applicant @@ approved"],
    ),
  },
  IP_ADDRESS: {
    make: (random) =>
      random
        .pick([
          "93.184.{N2}.{N2}",
          "8{D1}.2.69.1{D2}",
          "203.0.113.{N2}",
          "2a02:8108:{H4}:{H4}::{N1}",
          "2001:db8:{H4}::8a2e:{H3}:7334",
          "151.101.{N2}.{N2}",
        ])
        .replace(/\{.*$/, (rest) => random.fill(rest)),
    texts: sentences(
      [
        '@@ - - [21/Nov/2026:10:20:01 +0000] "GET / HTTP/1.1" 200 512',
        "client @@ connected",
        '{"ip":"@@"}',
        "login from @@",
      ],
      ["x-forwarded-for: @@", "banned @@ for an hour", "src=@@ dst=10.0.0.1", "Received: from mail ([@@])"],
    ),
  },
  PASSPORT_NUMBER: {
    make: (random) => random.fill(random.pick(["{N1}{D8}", "C{D2}X{D2}T{D2}", "{U2}{D7}", "{U1}{D8}"])),
    texts: sentences(
      ["Passport number: @@", '{"passport_number":"@@"}', "my passport is @@"],
      ["passport no. @@", "Reisepass Nr. @@", "pasaporte @@ caducado"],
    ),
  },
  DRIVER_LICENCE: {
    make: (random) => random.fill(random.pick(["{U1}{D7}", "{D9}", "{U1}{D3}-{D4}-{D4}", "{U5}{D6}{U2}{D1}{U2}"])),
    texts: sentences(
      ["Driver's license: @@", "driver license number @@"],
      ["driving licence no @@", "driver_license=@@"],
    ),
  },
  BANK_ACCOUNT_NUMBER: {
    make: (random) => random.fill("{N1}{D9}"),
    texts: sentences(
      ["bank account number @@", "account no: @@"],
      ["My checking account is @@", "Account number @@ at First Bank"],
    ),
  },
  GB_NATIONAL_INSURANCE: {
    make: valid("{U2}{D6}A", check("GB", "nino")),
    texts: id("NI number", "National Insurance"),
  },
  ES_DNI: { make: valid("{D8}{U1}", check("ES", "dni")), texts: id("DNI", "documento") },
  FR_NIR: { make: valid("1~Y~M75{D8}", check("FR", "nir")), texts: id("NIR", "sécurité sociale") },
  IT_CODICE_FISCALE: {
    make: valid("RSSMRA~YA1{D1}H501{U1}", check("IT", "codicefiscale")),
    texts: id("codice fiscale", "CF"),
  },
  DE_TAX_ID: { make: valid("{N1}{D10}", check("DE", "idnr")), texts: id("Steuer-ID", "Steueridentifikationsnummer") },
  NL_BSN: { make: valid("{N1}{D8}", check("NL", "bsn")), texts: id("BSN", "burgerservicenummer") },
  PL_PESEL: { make: valid("~Y~M~D{D5}", check("PL", "pesel")), texts: id("PESEL", "numer PESEL") },
  SE_PERSONNUMMER: { make: valid("~Y~M~D-{D4}", check("SE", "personnummer")), texts: id("personnummer", "kund") },
  NO_FODSELSNUMMER: {
    make: valid("~D~M~Y{D5}", check("NO", "fodselsnummer")),
    texts: id("fødselsnummer", "Fødselsnr"),
  },
  DK_CPR: { make: valid("~D~M~Y-{D4}", check("DK", "cpr")), texts: id("CPR", "CPR-nummer") },
  FI_HETU: { make: valid("~D~M~Y-{D3}{M1}", check("FI", "hetu")), texts: id("henkilötunnus", "HETU") },
  BE_NATIONAL_NUMBER: {
    make: valid("~Y.~M.~D-{D3}.{D2}", check("BE", "nn")),
    texts: id("rijksregisternummer", "national number"),
  },
  CH_AHV: { make: valid("756.{D4}.{D4}.{D2}", check("CH", "ssn")), texts: id("AHV", "Sozialversicherung") },
  PT_NIF: { make: valid("2{D8}", check("PT", "nif")), texts: id("NIF", "contribuinte") },
  IE_PPS: { make: valid("{D7}{U1}", check("IE", "pps")), texts: id("PPS", "PPSN") },
  TR_KIMLIK: { make: valid("{N1}{D10}", check("TR", "tckimlik")), texts: id("TC Kimlik No", "kimlik numarası") },
  BR_CPF: { make: valid("{D3}.{D3}.{D3}-{D2}", check("BR", "cpf")), texts: id("CPF", "cliente") },
  BR_CNPJ: { make: valid("{D2}.{D3}.{D3}/0001-{D2}", check("BR", "cnpj")), texts: id("CNPJ", "empresa") },
  IN_AADHAAR: {
    make: valid("{N1}{D3} {D4} {D4}", (value) => /^[2-9]/.test(value) && check("IN", "aadhaar")(value)),
    texts: id("Aadhaar", "aadhaar number"),
  },
  IN_PAN: { make: valid("{U3}P{U1}{D4}{U1}", check("IN", "pan")), texts: id("PAN", "PAN card") },
  CN_RESIDENT_ID: { make: valid("11010519~Y~M~D{D3}{D1}", check("CN", "ric")), texts: id("身份证号", "ID") },
  KR_RRN: {
    make: valid("~Y~M~D-1{D6}", check("KR", "rrn")),
    texts: id("주민등록번호", "resident registration number"),
  },
  AU_TFN: { make: valid("{N1}{D2} {D3} {D3}", check("AU", "tfn")), texts: id("TFN", "tax file number") },
  CA_SIN: { make: valid("{N1}{D2} {D3} {D3}", check("CA", "sin")), texts: id("SIN", "social insurance number") },
  ZA_ID: { make: valid("~Y~M~D{D4}08{D1}", check("ZA", "idnr")), texts: id("ID number", "identity number") },
  IL_ID: { make: valid("{N1}{D8}", check("IL", "idnr")), texts: id("תעודת זהות", "Teudat Zehut") },
  MX_CURP: { make: valid("HEGG~Y~M~DMVZRRL0{D1}", check("MX", "curp")), texts: id("CURP", "clave") },
  RO_CNP: { make: valid("1~Y~M~D12{D3}{D1}", check("RO", "cnp")), texts: id("CNP", "cod numeric personal") },
  CZ_BIRTH_NUMBER: { make: valid("~Y~M~D/{D4}", check("CZ", "rc")), texts: id("rodné číslo", "RČ") },
  HK_ID: {
    make: (random) => `${valid("A{D6}{D1}", check("HK", "hkid"))(random).replace(/(.)$/, "($1)")}`,
    texts: id("HKID", "Hong Kong ID"),
  },
  US_ITIN: { make: (random) => random.fill("9{D2}-7{D1}-{D4}"), texts: id("ITIN", "taxpayer id") },
  US_NPI: { make: (random) => luhn("808401", 15)(random).slice(5), texts: id("NPI", "provider identifier") },
  AT_SVNR: { make: valid("{N1}{D3}~D~M~Y", check("AT", "vnr")), texts: id("SVNR", "Sozialversicherungsnummer") },
  AU_MEDICARE: {
    make: valid(
      "2{D3} {D5} {N1}",
      summed([1, 3, 7, 9, 1, 3, 7, 9], (sum, digits) => sum % 10 === digits[8]),
    ),
    texts: id("Medicare", "Medicare number"),
  },
  GB_NHS_NUMBER: {
    make: valid(
      "{N1}{D2} {D3} {D4}",
      summed([10, 9, 8, 7, 6, 5, 4, 3, 2], (sum, digits) => (11 - (sum % 11)) % 11 === digits[9]),
    ),
    texts: id("NHS number", "patient NHS"),
  },
  JP_MY_NUMBER: {
    make: valid(
      "{N1}{D3} {D4} {D4}",
      summed([6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], (sum, digits) => (sum % 11 <= 1 ? 0 : 11 - (sum % 11)) === digits[11]),
    ),
    texts: id("マイナンバー", "My Number"),
  },
  SG_NRIC: {
    make: (random) => {
      const digits = random.fill("{D7}");
      const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * ([2, 7, 6, 5, 4, 3, 2][at] ?? 0), 0);
      return `S${digits}${"JZIHGFEDCBA".charAt(sum % 11)}`;
    },
    texts: id("NRIC", "identity card"),
  },
  MRZ: {
    make: (random) => {
      const number = checked(random.fill("{U1}{D8}"));
      const [birth, expiry] = [checked("740812"), checked(`3${random.fill("{D1}")}0415`)];
      const rest = checked("<".repeat(14));
      return `${number}UTO${birth}F${expiry}${rest}${checked(`${number}${birth}${expiry}${rest}`).slice(-1)}`;
    },
    texts: sentences(
      ["scan: @@", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n@@\n"],
      ['{"mrz":"@@"}', "line two is @@."],
    ),
  },
};
