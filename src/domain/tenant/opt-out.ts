import type { Choice } from '#domain/conversation/choice.ts';
import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';
import { readText } from '#domain/whatsapp/message-text.ts';

/** How contacts tell a business to be silent, and to speak again; what is left out has a default. */
export interface OptOutSettings {
  /** Empty: nobody opts out by a word. */
  readonly optOutWords?: readonly string[];
  /** Empty, with `optOutWords`: the assistant also answers who opted out before. */
  readonly optInWords?: readonly string[];
  /** The last thing that is said to who opted out. */
  readonly optOutText?: string;
  /** What is said to who is back. */
  readonly optInText?: string;
}

export const LONGEST_WORD = 64;

/**
 * Whole messages, as `plainWords` has them. Words that are part of ordinary business (cancel, end, quit)
 * are not among them: who cancels a table wants an answer.
 */
const OUT_WORDS = `
  stop; stop all; stopall; unsubscribe; opt out; optout
  baja; darme de baja; dar de baja; quiero darme de baja; parar; detener; no más mensajes
  pare; sair da lista; descadastrar; descadastre-me; parar mensagens
  arrêt; arrêter; arrêtez; stop messages; désabonner; me désabonner; se désabonner; désinscription
  stopp; abmelden; abbestellen; keine nachrichten mehr
  ferma; fermati; disiscrivimi; cancellami; disiscrizione; basta messaggi
  afmelden; uitschrijven; geen berichten meer
  berhenti; berhenti langganan; berhenti berlangganan
  dur; durdur; abonelikten çık; mesaj gönderme
  stopp meddelanden; avsluta; avmeld; afmeld; lopeta; wypisz; wypisz mnie; zatrzymaj; odhlásit
  стоп; отписаться; отпишите меня; відписатися; зупинити
  إيقاف; توقف; أوقف; إلغاء الاشتراك
  לעצור; עצור; הסר; הסירו אותי
  बंद करो; बंद करें; रोकें; रोको; संदेश बंद करें
  বন্ধ করুন; நிறுத்து; ఆపు; بند کریں; لغو اشتراک
  停止; 退订; 退訂; 取消订阅; 取消訂閱
  配信停止; ストップ; 受信拒否
  중지; 수신거부; 수신 거부; 그만
  หยุด; ยกเลิกรับข่าวสาร; dừng; ngừng; hủy đăng ký
`;

const IN_WORDS = `
  start; unstop; subscribe; opt in; optin
  alta; darme de alta; iniciar; empezar; comenzar; reanudar
  começar; cadastrar; retomar
  démarrer; commencer; reprendre; réabonner; m'abonner
  anmelden; starten; fortsetzen
  inizia; avvia; riprendi; iscrivimi
  aanmelden; hervatten
  mulai; berlangganan
  başla; başlat
  starta; börja; tilmeld; aloita; zacznij; začít
  старт; подписаться; начать; почати; підписатися
  ابدأ; بدء; اشتراك
  התחל; הירשם
  शुरू; शुरू करें; शुरू करो
  শুরু করুন; தொடங்கு; ప్రారంభించు; شروع کریں; شروع
  开始; 開始; 订阅; 訂閱
  配信開始; スタート
  시작; 수신동의; 수신 동의
  เริ่ม; bắt đầu; đăng ký
`;

export function optOutWords({ optOutWords: words }: OptOutSettings): readonly string[] {
  return words ?? listOf(OUT_WORDS);
}

export function optInWords({ optInWords: words }: OptOutSettings): readonly string[] {
  return words ?? listOf(IN_WORDS);
}

function listOf(words: string): readonly string[] {
  return words
    .split(/[;\n]/)
    .map((word) => word.trim())
    .filter(Boolean);
}

/** Types that hold words of the customer's own, or a choice of theirs. */
const SAID = ['text', 'button', 'interactive'];

/** Whether a message as a whole says to stop, or to go on. */
export function wishOf(
  message: InboundMessage,
  settings: OptOutSettings,
): Choice['kind'] | undefined {
  const text = SAID.includes(message.type) ? readText(message) : '';
  const said = plainWords(text);
  // Most messages are longer than any word, and need no comparison.
  if (said === '' || said.length > LONGEST_WORD) return undefined;
  const { out, back } = knownWords(settings);
  if (out.has(said)) return 'stopped';
  return back.has(said) ? 'resumed' : undefined;
}

interface KnownWords {
  readonly out: ReadonlySet<string>;
  readonly back: ReadonlySet<string>;
}

/** Reduced once for as long as a tenant's record is held. */
const KNOWN_WORDS = new WeakMap<OptOutSettings, KnownWords>();

function knownWords(settings: OptOutSettings): KnownWords {
  const known = KNOWN_WORDS.get(settings);
  if (known) return known;
  const words = {
    out: new Set(optOutWords(settings).map(plainWords)),
    back: new Set(optInWords(settings).map(plainWords)),
  };
  KNOWN_WORDS.set(settings, words);
  return words;
}

/** Longer texts are no single word, however much of them is decoration. */
const MOST_LOOKED_AT = 512;

/**
 * A text reduced to what it says: lower case, letters and digits of one kind, one space between words;
 * without accents, punctuation, pictures and what cannot be seen.
 */
export function plainWords(text: string): string {
  if (text.length > MOST_LOOKED_AT) return text;
  return (
    text
      .normalize('NFKD')
      // Arabic vowel signs and the stretching line are optional; so are accents, to who types in haste.
      .replace(
        /[\u0300-\u036f\u064b-\u065f\u0670\u0640]|\p{Default_Ignorable_Code_Point}|\p{Me}/gu,
        '',
      )
      .toLowerCase()
      .normalize('NFKD')
      .replace(/[\u0300-\u036f'’]/gu, '')
      .replaceAll('ı', 'i')
      .replaceAll('ß', 'ss')
      .replaceAll('ς', 'σ')
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
      .trim()
  );
}
