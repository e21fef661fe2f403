/**
 * A text in Unicode's usual spelling (NFC) and without what is not seen: control characters, tags,
 * direction overrides, joiners and variation selectors, in which words can be hidden that a model reads and
 * a person does not. Kept is what makes a difference to the eye: the joiners of emoji and of the scripts that
 * need them, an emoji's own selector, the flags of England, Scotland and Wales.
 */
export function withoutInvisible(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\n\t]|\p{Noncharacter_Code_Point}/gu, '')
    .replace(INVISIBLE, (run: string, offset: number, whole: string) =>
      visibleOf(
        run,
        lastOf(whole.slice(Math.max(0, offset - 2), offset)),
        firstOf(whole.slice(offset + run.length, offset + run.length + 2)),
      ),
    )
    .normalize('NFC')
    .replace(/(\p{M}{8})\p{M}+/gu, '$1')
    .replace(/\n(?:[ \t]*\n){3,}/g, '\n\n\n')
    .replace(/[ \t\u00a0\u2000-\u200a\u2800\u3000]{40,}/g, ' ');
}

/** `Default_Ignorable_Code_Point` has all that is meant to be invisible; annotations belong to it in all but name. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]+/gu;

const ZWNJ = '\u200c';
const ZWJ = '\u200d';
/** How the emoji before it is drawn: as a picture, as a letter. */
const PRESENTATIONS = ['\ufe0f', '\ufe0e'];

/** Of a run of what is invisible: the part that changes what is seen. */
function visibleOf(run: string, before: string, after: string): string {
  if (before === BLACK_FLAG) return FLAG_TAGS.find((tags) => run.startsWith(tags)) ?? '';
  const [first = ''] = run;
  if (PRESENTATIONS.includes(first)) {
    if (/[0-9#*]/.test(before)) return after === KEYCAP ? first : '';
    if (!/\p{Emoji}/u.test(before)) return '';
    return run === first + ZWJ && isPicture(after) ? run : first;
  }
  if (run === ZWJ && isPicture(before) && isPicture(after)) return run;
  const isJoiner = run === ZWJ || run === ZWNJ;
  return isJoiner && JOINED.test(before) && JOINED.test(after) ? run : '';
}

const KEYCAP = '\u20e3';

function isPicture(character: string): boolean {
  return /[\p{Extended_Pictographic}\p{Emoji_Modifier}]/u.test(character);
}

/** Letters whose shape a joiner changes, and with it sometimes the word. */
const JOINED =
  /(?=[\p{L}\p{M}])[\p{scx=Arab}\p{scx=Syrc}\p{scx=Nkoo}\p{scx=Mong}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}]/u;

const BLACK_FLAG = '\u{1f3f4}';
const FLAG_TAGS = ['gbeng', 'gbsct', 'gbwls'].map((region) =>
  [...region, '\u007f']
    .map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0)))
    .join(''),
);

function lastOf(text: string): string {
  return [...text.slice(-2)].at(-1) ?? '';
}

function firstOf(text: string): string {
  const [first = ''] = text.slice(0, 2);
  return first;
}
