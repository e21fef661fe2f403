import { type MicroUsd, microUsd } from './micro-usd.ts';

/**
 * Meta's price list for messages, by the market of whoever gets them. Sources: Meta's list in euros of
 * 2026-07-01, in dollars at 1.21, which is the ratio of its two lists, rounded up; the dollar prices of
 * 2026-10-01 where they are known (India, Brazil, Rest of Africa); Meta's table of calling codes as of
 * 2026-10-01. Since then a service message costs what a utility template does. Changes come with a quarter.
 */
export const META_PRICES_AS_OF = '2026-10-01';

/** Market, dollars for a service, utility or authentication message, dollars for a marketing message, countries. */
type Row = readonly [market: string, service: number, marketing: number, countries: string];

/** A country is its ISO code and its calling code, with the area code where several share one. */
const ROWS: readonly Row[] = [
  ['Argentina', 0.0262, 0.062, 'AR54'],
  ['Brazil', 0.0068, 0.0627, 'BR55'],
  ['Chile', 0.0201, 0.0891, 'CL56'],
  ['Colombia', 0.001, 0.0126, 'CO57'],
  ['Egypt', 0.0037, 0.0645, 'EG20'],
  ['France', 0.0301, 0.0862, 'FR33'],
  ['Germany', 0.0552, 0.1369, 'DE49'],
  ['Hong Kong', 0.0262, 0.0734, 'HK852'],
  ['Hungary', 0.035, 0.0862, 'HU36'],
  ['India', 0.0014, 0.0118, 'IN91'],
  ['Indonesia', 0.0252, 0.0413, 'ID62'],
  ['Israel', 0.0054, 0.0354, 'IL972'],
  ['Italy', 0.0301, 0.0797, 'IT39'],
  ['Malaysia', 0.0141, 0.0862, 'MY60'],
  ['Mexico', 0.0086, 0.0307, 'MX52'],
  ['Netherlands', 0.0501, 0.1601, 'NL31'],
  ['Nigeria', 0.0068, 0.0518, 'NG234'],
  ['Pakistan', 0.0101, 0.0475, 'PK92'],
  ['Peru', 0.0201, 0.0705, 'PE51'],
  ['Poland', 0.0123, 0.0367, 'PL48'],
  ['Qatar', 0.012, 0.0342, 'QA974'],
  ['Romania', 0.029, 0.0862, 'RO40'],
  ['Russia', 0.0401, 0.0804, 'RU7'],
  ['Saudi Arabia', 0.0107, 0.0501, 'SA966'],
  ['Singapore', 0.0161, 0.0734, 'SG65'],
  ['South Africa', 0.0077, 0.038, 'ZA27'],
  ['Spain', 0.0201, 0.0708, 'ES34'],
  ['Turkey', 0.0009, 0.0109, 'TR90'],
  ['United Arab Emirates', 0.0158, 0.0503, 'AE971'],
  ['United Kingdom', 0.0221, 0.0637, 'GB44'],
  ['North America', 0.0034, 0.0251, 'US1 CA1'],
  [
    'Rest of Africa',
    0.004,
    0.0225,
    'DZ213 AO244 BJ229 BW267 BF226 BI257 CM237 TD235 CG242 ER291 ET251 GA241 GM220 GH233 GW245 CI225 KE254 LS266 LR231 LY218 MG261 MW265 ML223 MR222 MZ258 NA264 NE227 RW250 SN221 SL232 SO252 SS211 SD249 SZ268 TZ255 TG228 TN216 UG256 ZM260 ZW263',
  ],
  [
    'Rest of Asia Pacific',
    0.0114,
    0.0734,
    'AF93 AU61 KH855 CN86 JP81 LA856 MN976 NZ64 PG675 PH63 TW886 TJ992 TH66 TM993 UZ998 VN84',
  ],
  [
    'Rest of Central and Eastern Europe',
    0.0212,
    0.0862,
    'AL355 AM374 AZ994 BY375 BG359 HR385 CZ420 GE995 GR30 LV371 LT370 MD373 MK389 RS381 SK421 SI386',
  ],
  [
    'Rest of Latin America',
    0.0114,
    0.0741,
    'BO591 CR506 DO1809 DO1829 DO1849 EC593 SV503 GT502 HT509 HN504 JM1658 JM1876 NI505 PA507 PY595 PR1787 PR1939 UY598 VE58',
  ],
  ['Rest of Middle East', 0.0091, 0.0342, 'BH973 JO962 LB961 YE967'],
  ['Rest of Western Europe', 0.0172, 0.0593, 'AT43 BE32 DK45 FI358 IE353 NO47 PT351 SE46 CH41'],
];

/** Countries without a line of their own, and islands that share the calling code of North America. */
const OTHER: Row = [
  'Other',
  0.0078,
  0.0605,
  'BS1242 BB1246 AI1264 AG1268 VG1284 KY1345 BM1441 GD1473 TC1649 MS1664 SX1721 LC1758 DM1767 VC1784 TT1868 KN1869',
];

/** Got markets of their own on 2026-10-01, at prices that we do not know. */
const UNPRICED = 'BD880 IQ964 KZ76 KZ77 KW965 MA212 NP977 OM968 LK94 UA380';

export interface MessagePrice {
  readonly market: string;
  readonly service: MicroUsd;
  readonly marketing: MicroUsd;
}

/** What nobody knows better counts as the dearest market. */
export const DEAREST_MARKET: MessagePrice = {
  market: 'unknown',
  service: inMicros(Math.max(...ROWS.map(([, service]) => service))),
  marketing: inMicros(Math.max(...ROWS.map(([, , marketing]) => marketing))),
};

/** Authentication across borders costs more than in the market; this is the dearest of it. */
export const DEAREST_INTERNATIONAL = inMicros(0.1367);

const OTHER_MARKET = priceOf(OTHER);

const BY_CODE = new Map<string, MessagePrice>();
const BY_COUNTRY = new Map<string, MessagePrice>();
for (const row of [...ROWS, OTHER]) fill(priceOf(row), row[3]);
fill(DEAREST_MARKET, UNPRICED);

const LONGEST_CODE = 4;

/** By a phone number in digits, such as `34600111222`. */
export function priceByPhone(digits: string): MessagePrice {
  for (let length = LONGEST_CODE; length > 0; length -= 1) {
    const found = BY_CODE.get(digits.slice(0, length));
    if (found) return found;
  }
  return OTHER_MARKET;
}

/** By an ISO code such as `ES`. */
export function priceByCountry(country: string): MessagePrice {
  return BY_COUNTRY.get(country) ?? OTHER_MARKET;
}

function fill(price: MessagePrice, countries: string): void {
  for (const country of countries.split(' ')) {
    BY_COUNTRY.set(country.slice(0, 2), price);
    BY_CODE.set(country.slice(2), price);
  }
}

function priceOf([market, service, marketing]: Row): MessagePrice {
  return { market, service: inMicros(service), marketing: inMicros(marketing) };
}

function inMicros(dollars: number): MicroUsd {
  return microUsd(Math.round(dollars * 1_000_000));
}
