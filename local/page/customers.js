/** Who the page writes as, to begin with. */
export const FIRST_CUSTOMERS = [
  { name: 'Mira Okafor', phone: '34600111222' },
  { name: 'Jonas Weber', phone: '4915123456789' },
];

const HUES = [168, 24, 262, 338, 204, 46, 300, 96];
const given = new Map();

/** A colour per customer, the same wherever the customer shows. */
export function hueOf(contact) {
  if (!given.has(contact)) given.set(contact, HUES[given.size % HUES.length]);
  return given.get(contact);
}

export function initialsOf(name) {
  const words = name
    .replace(/[^\p{L}\s]/gu, '')
    .trim()
    .split(/\s+/)
    .filter(Boolean);
  if (words.length === 0) return '#';
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''].map(
    (word) => [...word][0] ?? '',
  );
  return letters.join('').toUpperCase();
}

/** Digits in groups, as people read them. */
export function prettyPhone(phone) {
  return `+${phone.replace(/^(\d{2})(\d{3})(\d{3})(\d+)$/, '$1 $2 $3 $4')}`;
}

export function digitsOf(text) {
  return text.replace(/\D/g, '');
}
