/** A message's id; it holds a phone number, and is nobody's business. */
const WAMID = /\bwamid\.[\w+/=-]{8,}/i;

/** A user id of WhatsApp's: country, dot, letters and digits. */
const USER_ID = /\b[A-Z]{2}\.(?=[A-Za-z0-9]*\d{4})[A-Za-z0-9]{8,128}\b/g;

/** Digits as phone numbers are written, with single separators. */
const NUMBER = /(?<![\w.,])(?:\+ ?)?\(?\d(?:[\d()]|[ .\-‐-―/\u00a0\u202f]\(?(?=\d)){6,28}\d/g;

const DATES = /\d{1,4}([./-])\d{1,2}\1\d{2,4}|\d{1,2}[.:]\d{2} ?[‐-―-] ?\d{1,2}/;
/** A great sum: `150.000.000`. */
const SUM = /^\d{1,3}(?:\.\d{3})+$/;

/** Where what an answer names may come from. */
interface KnownTexts {
  /** What the business wrote. */
  readonly own: readonly string[];
  /** What was said, and what else the model was given. */
  readonly given: readonly string[];
}

/**
 * Whether a text names somebody: a phone number or an id that is not known from where the text may come from.
 * Who is asked for another's number has no answer; and a number that nobody gave the model is invented.
 */
export function namesSomebodyElse(text: string, { own, given }: KnownTexts): boolean {
  if (WAMID.test(text)) return true;
  const known = [...own, ...given];
  const ids = text.match(USER_ID) ?? [];
  if (ids.some((id) => !known.some((each) => each.includes(id)))) return true;
  const numbers = (text.match(NUMBER) ?? []).filter(isPhoneNumber);
  if (numbers.length === 0) return false;
  const digits = known.map(digitsOf);
  const words = new Set(own.flatMap((each) => each.match(/\d+/g) ?? []));
  return numbers.some(
    (number) =>
      !digits.some((each) => each.includes(ending(number))) &&
      // A street number beside a postcode, sizes in a row: not if a customer could have said the pieces.
      !(groupsOf(number).length > 1 && groupsOf(number).every((group) => words.has(group))),
  );
}

function isPhoneNumber(written: string): boolean {
  const isInternational = /^(?:\+|00)/.test(written);
  const { length } = digitsOf(written);
  if (length < (isInternational ? 8 : 9) || length > 15) return false;
  if (isInternational) return true;
  if (DATES.test(written) || SUM.test(written)) return false;
  const groups = groupsOf(written);
  if (groups.every((group) => group.length === 1)) return !isCount(groups);
  return groups.length <= 5 && groups.every((group) => group.length >= 2);
}

/** One number after the other, such as sizes: nobody's phone number, spelled out. */
function isCount(digits: readonly string[]): boolean {
  return digits.every((digit, at) => at === 0 || Number(digit) > Number(digits[at - 1]));
}

function groupsOf(written: string): readonly string[] {
  return written.split(/\D+/).filter(Boolean);
}

/** Written with its country or without, a number ends in the same digits. */
function ending(written: string): string {
  return digitsOf(written).slice(-8);
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}
