/** Compatible spellings as the usual one, and digits of every script as ours: a number is one however it is drawn. */
export function withPlainDigits(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/(?<=\d)\ufe0f?\u20e3/g, '')
    .replace(/[^\P{Nd}0-9]/gu, plainDigit);
}

/** Digits of a script lie side by side, and each block of ten begins at a zero. */
export function plainDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  if (code < 0x80) return digit;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}
