/**
 * - `complete`: a question, a sentence or a short answer that stands alone
 * - `greeting`: nothing but hello, in one of the languages below
 * - `unfinished`: more seems to be on its way
 */
export type TextReading = 'complete' | 'greeting' | 'unfinished';

/** Fewer words than this, without any mark of an end, are a fragment. */
const SENTENCE_WORDS = 4;
/** The same where words are not set apart (Chinese, Japanese, Thai). */
const SENTENCE_CHARACTERS = 7;

/** Enough to tell an end by; it also bounds the work on a long text. */
const LOOKED_AT_CHARACTERS = 400;

/** How a text of a chat reads to somebody who wonders whether to answer already. */
export function readingOf(text: string): TextReading {
  const end = text.trim().slice(-LOOKED_AT_CHARACTERS);
  const words = wordsOf(text.trim().slice(0, LOOKED_AT_CHARACTERS));
  const lastWord = wordsOf(end).at(-1) ?? '';
  if (GOES_ON.test(end)) return 'unfinished';
  if (words.length > 0 && words.length <= 4 && words.every((word) => GREETINGS.has(word))) {
    return 'greeting';
  }
  if (ENDS.test(end)) return 'complete';
  if (CONNECTORS.has(lastWord)) return 'unfinished';
  if (isQuestion(words) || isShortAnswer(words)) return 'complete';
  return isLongEnough(text, words) ? 'complete' : 'unfinished';
}

/** Lower case, without accents, marks and pictures. */
function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f'’]/g, '')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter(Boolean);
}

function isQuestion(words: readonly string[]): boolean {
  return words.length > 2 && QUESTION_WORDS.has(words[0] ?? '');
}

function isShortAnswer(words: readonly string[]): boolean {
  const known = words.every((word) => SHORT_ANSWERS.has(word) || /\p{N}/u.test(word));
  return words.length === 0 || (words.length < SENTENCE_WORDS && known);
}

function isLongEnough(text: string, words: readonly string[]): boolean {
  const unspaced = text.match(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu,
  );
  return words.length >= SENTENCE_WORDS || (unspaced?.length ?? 0) >= SENTENCE_CHARACTERS;
}

/** A comma, a colon, a dash, an open bracket, dots. */
const GOES_ON = /(?:[,:;\-–—…(&+/،、，]|\.\.)$/u;
/** A full stop or a question mark, perhaps closed by quotes or brackets, or a picture. */
const ENDS =
  /(?:[.!?。！？؟।]["')\]»”’]*|\p{Extended_Pictographic}[\u{FE0F}\u{1F3FB}-\u{1F3FF}]*)$/u;

const CONNECTORS = wordSet(`
  and or but because so with for to the a an my of from at if that
  y o u pero porque con para de del el la los las un una mi que en
  e ou mas com do da dos das um uma meu minha
  und oder aber weil mit fur der die das ein eine mein von wenn dass
  et mais avec pour le les des une mon ma chez
  ma perche per il lo gli di del della con un
  en of maar omdat met voor het een
`);

const GREETINGS = wordSet(`
  hi hello hey heya hiya yo howdy greetings good morning afternoon evening day there all everyone team
  hola buenas buenos buen dia dias tardes noches que tal
  ola oi bom boa tarde noite
  bonjour bonsoir salut coucou
  ciao buongiorno buonasera salve
  hallo guten tag morgen abend moin servus gruß grüß gott
  hej hei hejsan goedemorgen goedemiddag goedenavond dag
  привет здравствуйте здравствуи добрыи доброе день вечер утро
  merhaba selam günaydın iyi günler namaste नमस्ते
  salam سلام مرحبا السلام عليكم اهلا שלום
  你好 您好 こんにちは もしもし 안녕하세요 안녕 สวัสดี
  halo hai selamat pagi siang sore malam xin chao
`);

const SHORT_ANSWERS = wordSet(`
  yes no yeah yep nope ok okay k sure fine great perfect done right correct thanks thank you please bye
  si vale claro gracias perfecto listo adios correcto
  sim nao obrigado obrigada certo perfeito tchau
  ja nein gut danke passt genau tschuss
  oui non merci daccord parfait
  va bene grazie certo perfetto
  nee bedankt prima да нет спасибо хорошо
`);

const QUESTION_WORDS = wordSet(`
  what when where who how why which whose can could do does did is are was were will would may should have has
  que cuando donde como cuanto cuanta cuantos cuantas quien cual cuales puedo puede pueden tienen tienes hay
  quando onde quanto quantos quem qual posso pode podem tem voces
  wann wo wie was wer warum welche welcher welches kann konnen habt haben gibt ist sind
  ou comment combien pourquoi qui quel quelle quels est peut pouvez avez
  dove come chi perche quale quali avete potete
  wat wanneer waar hoe wie waarom welke kunnen hebben heeft
  что когда где кто как почему какои сколько можно есть
`);

function wordSet(words: string): ReadonlySet<string> {
  return new Set(
    words
      .normalize('NFD')
      .replace(/[\u0300-\u036f]/g, '')
      .split(/\s+/)
      .filter(Boolean),
  );
}
