/**
 * A text, and what may be hidden in it: read backwards or by shifted letters, and as `decodedTexts`. For
 * whoever looks for something that must not be told; what nobody can keep a model from is a cipher of its own.
 */
export function hiddenTexts(text: string): readonly string[] {
  return [...decodedTexts(text), [...text].reverse().join(''), text.replace(/[a-z]/gi, shifted)];
}

/** A text, and what stands in it in base64, in hexadecimal or in percent signs. */
export function decodedTexts(text: string): readonly string[] {
  const encoded = [text, text.replace(/\s+/g, '')].flatMap((each) => [
    // Where it begins within the run is not known.
    ...(each.match(BASE64) ?? []).flatMap((run) =>
      [0, 1, 2, 3].map((start) => fromBase64(run.slice(start))),
    ),
    ...(each.match(HEX) ?? []).map(fromHex),
  ]);
  return [text, ...(text.includes('%') ? [percentDecoded(text)] : []), ...encoded.filter(Boolean)];
}

const BASE64 = /[A-Za-z0-9+/_-]{16,}={0,2}/g;
const HEX = /(?:[0-9a-f]{2}[ :]?){12,}/gi;

function fromBase64(run: string): string {
  try {
    return atob(run.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, ''));
  } catch {
    // A length that no base64 has: without its last letter it is as good as whole.
    return run.length % 4 === 1 ? fromBase64(run.slice(0, -1)) : '';
  }
}

function fromHex(run: string): string {
  const bytes = run.match(/[0-9a-f]{2}/gi) ?? [];
  return String.fromCharCode(...bytes.map((byte) => Number.parseInt(byte, 16)));
}

/** ROT13. */
function shifted(letter: string): string {
  const first = letter <= 'Z' ? 65 : 97;
  return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
}

function percentDecoded(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
