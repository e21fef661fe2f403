import { createHash } from 'node:crypto';

/** Longest prefix first, so that +1 does not shadow a longer code. */
const COUNTRY_BY_PREFIX: readonly (readonly [prefix: string, country: string])[] = [
  ['351', 'PT'],
  ['353', 'IE'],
  ['380', 'UA'],
  ['420', 'CZ'],
  ['971', 'AE'],
  ['972', 'IL'],
  ['234', 'NG'],
  ['254', 'KE'],
  ['27', 'ZA'],
  ['30', 'GR'],
  ['31', 'NL'],
  ['32', 'BE'],
  ['33', 'FR'],
  ['34', 'ES'],
  ['39', 'IT'],
  ['41', 'CH'],
  ['43', 'AT'],
  ['44', 'GB'],
  ['45', 'DK'],
  ['46', 'SE'],
  ['47', 'NO'],
  ['48', 'PL'],
  ['49', 'DE'],
  ['52', 'MX'],
  ['54', 'AR'],
  ['55', 'BR'],
  ['57', 'CO'],
  ['61', 'AU'],
  ['62', 'ID'],
  ['65', 'SG'],
  ['81', 'JP'],
  ['82', 'KR'],
  ['90', 'TR'],
  ['91', 'IN'],
  ['1', 'US'],
];

const UNKNOWN_COUNTRY = 'ZZ';

/**
 * The business-scoped user id of a phone: the same for every number of one portfolio, another for
 * another portfolio, a new one after a change of phone number. Source: developers.facebook.com
 * "Business-scoped user IDs" (country, dot, up to 128 alphanumerics).
 */
export function userIdOf(portfolioId: string, phone: string): string {
  const country =
    COUNTRY_BY_PREFIX.find(([prefix]) => phone.startsWith(prefix))?.[1] ?? UNKNOWN_COUNTRY;
  const digest = createHash('sha256').update(`${portfolioId}/${phone}`).digest('hex');
  const digits = (BigInt(`0x${digest}`) % 10n ** 20n).toString().padStart(20, '1');
  return `${country}.${digits}`;
}
