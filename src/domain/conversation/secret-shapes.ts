/** What a key or a token of somebody looks like, by whose it is. */
const SHAPES: readonly RegExp[] = [
  // OpenAI, Anthropic and those that do as they do
  /\b(?:sk|pk|rk)-[A-Z0-9_-]{16,}/i,
  // Stripe, Standard Webhooks
  /\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{12,}/,
  /\bwhsec_[A-Za-z0-9+/=]{16,}/,
  // Meta
  /\bEAA[A-Za-z0-9]{30,}/,
  // AWS
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/,
  /\barn:aws[a-z-]*:secretsmanager:\S+/,
  // Google, GitHub, GitLab, Slack, npm
  /\bAIza[A-Za-z0-9_-]{30,}/,
  /\bya29\.[A-Za-z0-9_-]{20,}/,
  /\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,}/,
  /\bglpat-[A-Za-z0-9_-]{16,}/,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/,
  /\bnpm_[A-Za-z0-9]{30,}/,
  // A JSON Web Token, a header that carries one, a private key
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}/,
  /\bBearer\s+[A-Za-z0-9._~+/-]{20,}/i,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
];

/** Whether there is something in it that nobody should be told. */
export function holdsSecret(text: string): boolean {
  return SHAPES.some((shape) => shape.test(text));
}

/** Digits of a card, with a blank, a dash or a full stop between some of them. */
const DIGITS = /(?<![\d.,])\d(?:[ .\u00a0\u202f‐-―-]?\d){12,18}(?![\d]|[.,]\d)/g;

/** By what the networks give out: Visa, Mastercard, American Express, Discover, JCB, Diners, UnionPay. */
const NETWORKS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:6011|64[4-9]|65)/, [16, 19]],
  [/^35(?:2[89]|[3-8])/, [16]],
  [/^(?:30[0-5]|36|38)/, [14]],
  [/^62/, [16, 17, 18, 19]],
];

/** Whether a payment card's number stands there: one of a network's, of its length, with its check digit. */
export function holdsCardNumber(text: string): boolean {
  return [...text.matchAll(DIGITS)].some(([match]) => isCardNumber(match.replace(/\D/g, '')));
}

function isCardNumber(digits: string): boolean {
  const isOfANetwork = NETWORKS.some(
    ([prefix, lengths]) => prefix.test(digits) && lengths.includes(digits.length),
  );
  return isOfANetwork && hasCheckDigit(digits);
}

/** Luhn's. */
function hasCheckDigit(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
