/**
 * What is spoken where, most first, by ISO code and calling code: for a set text to somebody of whom nothing
 * is known but the number. Of countries that share a code the later row counts for a number. Left out are countries where one language is as likely as another.
 */
const ROWS = `
  es AR54 BO591 CL56 CO57 CR506 CU53 DO1809 DO1829 DO1849 EC593 SV503 GT502 GQ240 HN504 MX52 NI505 PA507 PY595 PE51 PR1787 PR1939 UY598 VE58
  es,ca,eu,gl ES34
  pt BR55 PT351 AO244 MZ258 CV238 GW245
  en,fr CA1
  en US1 GB44 AU61 NZ64 IE353 NG234 GH233 JM1658 JM1876 TT1868
  en,af,zu ZA27
  en,sw KE254 UG256
  sw,en TZ255
  en,ms,zh,ta SG65
  en,fil,tl PH63
  fr FR33 CI225 SN221 ML223 BF226 NE227 TG228 BJ229 CM237 TD235 CG242 CD243 GA241 GN224 MG261 HT509
  fr,de,lb LU352
  nl,fr,de BE32
  de,fr,it CH41
  de DE49 AT43 LI423
  it IT39 SM378
  nl NL31 SR597
  da DK45
  sv SE46
  nb,no,nn NO47
  fi,sv FI358
  is,en IS354
  pl PL48
  cs CZ420
  sk SK421
  hu HU36
  ro RO40 MD373
  bg BG359
  el GR30
  el,tr CY357
  hr HR385
  sr RS381
  sl SI386
  bs,hr,sr BA387
  sq AL355 XK383
  mk MK389
  et,ru EE372
  lv,ru LV371
  lt LT370
  uk,ru UA380
  ru RU7
  ru,be BY375
  ru,kk KZ76 KZ77
  uz,ru UZ998
  ka GE995
  hy AM374
  az AZ994
  tr TR90
  he,ar IL972
  ar SA966 EG20 IQ964 JO962 KW965 LY218 OM968 PS970 QA974 SD249 SY963 YE967 BH973
  ar,en AE971
  ar,fr DZ213 MA212 TN216 LB961 MR222
  fa IR98
  fa,ps AF93
  ur,en PK92
  hi,en IN91
  bn BD880
  ne NP977
  si,ta,en LK94
  my MM95
  th TH66
  vi VN84
  km KH855
  lo LA856
  id ID62
  ms,zh,en MY60
  zh CN86
  zh-Hant,zh,en HK852
  zh-Hant,zh TW886 MO853
  ja JP81
  ko KR82
  mn MN976
  am ET251
  so SO252
`;

const BY_CODE = new Map<string, readonly string[]>();
const BY_COUNTRY = new Map<string, readonly string[]>();
for (const row of ROWS.trim().split('\n')) {
  const [spoken = '', ...countries] = row.trim().split(' ');
  for (const country of countries) {
    BY_COUNTRY.set(country.slice(0, 2), spoken.split(','));
    BY_CODE.set(country.slice(2), spoken.split(','));
  }
}

const LONGEST_CODE = 4;

/** Of a phone number in digits, or of a user id that begins with its country, such as `ES.9021`. */
export function languagesSpokenBy(contact: string): readonly string[] {
  const [, country] = /^([A-Z]{2})\./.exec(contact) ?? [];
  if (country !== undefined) return BY_COUNTRY.get(country) ?? [];
  if (!/^\d{6,15}$/.test(contact)) return [];
  for (let length = LONGEST_CODE; length > 0; length -= 1) {
    const found = BY_CODE.get(contact.slice(0, length));
    if (found) return found;
  }
  return [];
}

/**
 * The language for a set text: the one of our last answer to this contact, else the first that is spoken
 * where the contact is from and that the business has texts in.
 * @returns undefined where nothing is known: then the business's own texts without a language are said
 */
export function languageFor(
  contact: string,
  spoken: string | undefined,
  offered: readonly string[],
): string | undefined {
  if (spoken !== undefined) return spoken;
  const bases = offered.map((tag) => tag.split('-')[0]);
  return languagesSpokenBy(contact).find((tag) => bases.includes(tag.split('-')[0]));
}
