import type { TenantId } from '#domain/ids.ts';
import { lettersOf } from './shared-run.ts';

/** Without vowels no word comes of them by chance. */
const LETTERS = 'bcdfghjkmnpqrstvwxyz';
const GROUPS = 4;
const GROUP = 4;
/** So much of it in a row is no accident either. */
const TELLING = 9;

/**
 * A word that stands in a tenant's instructions and nowhere else: where it appears in an answer, the
 * instructions are being told. Always the same for a tenant, so that the provider's prompt cache holds. It is
 * derived from the tenant's id and guards nothing, so it need not be secret.
 */
export function canaryOf(tenant: TenantId): string {
  const letters = Array.from({ length: GROUPS * GROUP }, (_, index) => letterAt(tenant, index));
  return Array.from({ length: GROUPS }, (_, group) =>
    letters.slice(group * GROUP, (group + 1) * GROUP).join(''),
  ).join('-');
}

/**
 * Whether a text tells the canary: a good part of it in a row, whatever stands between its letters, or one of
 * its four words by itself, which is how it is told bit by bit.
 */
export function holdsCanary(text: string, canary: string): boolean {
  const words = text.toLowerCase().split(/[^a-z]+/);
  if (canary.split('-').some((group) => words.includes(group))) return true;
  const letters = lettersOf(text).replace(/\p{N}+/gu, '');
  const whole = canary.replaceAll('-', '');
  for (let start = 0; start + TELLING <= whole.length; start += 1) {
    if (letters.includes(whole.slice(start, start + TELLING))) return true;
  }
  return false;
}

/** FNV-1a over the id and the place, well stirred (murmur3's last step). */
function letterAt(tenant: TenantId, index: number): string {
  let hash = 0x811c9dc5;
  for (const character of `canary/${index}/${tenant}`) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return LETTERS[((hash ^ (hash >>> 16)) >>> 0) % LETTERS.length] ?? 'x';
}
