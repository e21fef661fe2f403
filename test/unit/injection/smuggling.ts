/** Ways to hide a text in what nobody sees. */
export const SMUGGLED = {
  tags: (text: string) =>
    [...text].map((each) => String.fromCodePoint(0xe0000 + each.charCodeAt(0))).join(''),
  'variation selectors': (text: string) => [...Buffer.from(text)].map(selectorOf).join(''),
  'selectors of an emoji': (text: string) => `😀${[...Buffer.from(text)].map(selectorOf).join('')}`,
  'zero-width bits': (text: string) =>
    [...Buffer.from(text)]
      .flatMap((byte) => [...byte.toString(2).padStart(8, '0')])
      .map((bit) => (bit === '0' ? '\u200b' : '\u2060'))
      .join(''),
  'joiners as bits': (text: string) =>
    [...Buffer.from(text)]
      .flatMap((byte) => [...byte.toString(2).padStart(8, '0')])
      .map((bit) => (bit === '0' ? '\u200c' : '\u200d'))
      .join(''),
} as const;

function selectorOf(byte: number): string {
  return String.fromCodePoint(byte < 16 ? 0xfe00 + byte : 0xe0100 + byte - 16);
}

/** Everything that is hidden in a text in one of these ways, as somebody reads it who looks for it. */
export function found(text: string): string {
  const points = [...text].map((each) => each.codePointAt(0) ?? 0);
  const tags = points.filter((each) => each > 0xe0000 && each < 0xe0080);
  const bytes = points.flatMap((each) => {
    if (each >= 0xfe00 && each <= 0xfe0f) return [each - 0xfe00];
    return each >= 0xe0100 && each <= 0xe01ef ? [each - 0xe0100 + 16] : [];
  });
  return [
    String.fromCharCode(...tags.map((each) => each - 0xe0000)),
    Buffer.from(bytes).toString(),
    fromBits(text, '\u200b', '\u2060'),
    fromBits(text, '\u200c', '\u200d'),
  ].join(' ');
}

function fromBits(text: string, zero: string, one: string): string {
  const bits = [...text].filter((each) => each === zero || each === one);
  const bytes = bits.join('').replaceAll(zero, '0').replaceAll(one, '1').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))).toString();
}
