import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';
import { readText } from '#domain/whatsapp/message-text.ts';
import type { HandOverSettings } from './handover-settings.ts';
import { LONGEST_WORD, plainWords } from './opt-out.ts';

/**
 * Whole messages, as `plainWords` has them: who says just this wants a person and nothing else. Whatever is
 * said in more words is for the model to understand.
 */
const PERSON_WORDS = `
  human; agent; operator; representative; person; real person; live agent; live person; human please
  agent please; talk to a human; talk to human; talk to a person; talk to an agent; talk to someone
  speak to a human; speak to a person; speak to an agent; speak to someone; speak with a human
  speak with someone; chat with a human; i want a human; i want to talk to a human; i need a human
  i want to talk to a person; i want to speak to a human; i want to speak to a person
  can i talk to a human; can i speak to a human; can i talk to a person; can i speak to a person
  can i talk to someone; can i speak to someone; customer service; customer support
  humano; persona; agente; asesor; asesora; operador; una persona; un humano; hablar con una persona
  hablar con un humano; hablar con un agente; hablar con alguien; hablar con un asesor
  quiero hablar con una persona; quiero hablar con un humano; quiero hablar con alguien
  quiero hablar con un agente; quiero hablar con un asesor; necesito hablar con una persona
  puedo hablar con una persona; puedo hablar con alguien; atención al cliente
  pessoa; atendente; humano por favor; falar com uma pessoa; falar com atendente
  falar com um atendente; falar com um humano; falar com alguém; quero falar com uma pessoa
  quero falar com um atendente; quero falar com atendente; quero falar com alguém
  humain; conseiller; conseillère; une personne; parler à un humain; parler à une personne
  parler à quelqu'un; parler à un conseiller; parler avec un conseiller; je veux parler à un humain
  je veux parler à quelqu'un; je veux parler à une personne; je voudrais parler à quelqu'un
  service client
  mensch; mitarbeiter; mitarbeiterin; ein mensch; echter mensch; mit einem menschen sprechen
  mit einem mitarbeiter sprechen; mit jemandem sprechen; ich möchte mit einem menschen sprechen
  ich möchte mit einem mitarbeiter sprechen; ich will mit einem menschen sprechen; kundenservice
  kundendienst
  operatore; una persona; parlare con una persona; parlare con un operatore; parlare con qualcuno
  voglio parlare con una persona; voglio parlare con un operatore; assistenza clienti
  mens; medewerker; echt persoon; met een medewerker spreken; ik wil een medewerker spreken
  ik wil met iemand praten; klantenservice
  manusia; agen; bicara dengan manusia; bicara dengan orang; bicara dengan agen; customer care
  insan; müşteri temsilcisi; temsilci; müşteri hizmetleri; temsilciye bağlan
  człowiek; konsultant; porozmawiać z człowiekiem; rozmowa z konsultantem
  människa; prata med en människa; kundtjänst; menneske; kundeservice
  оператор; человек; живой человек; позовите оператора; соедините с оператором; людина
  موظف; انسان; إنسان; خدمة العملاء; أريد التحدث مع موظف; التحدث مع موظف
  נציג; בן אדם; נציג אנושי; שירות לקוחות
  इंसान; एजेंट; किसी से बात करनी है; मुझे किसी इंसान से बात करनी है; कस्टमर केयर
  人工; 人工客服; 转人工; 轉人工; 客服; 真人; 真人客服
  オペレーター; 担当者; 人と話したい; 担当者と話したい; 有人対応
  상담원; 상담사; 사람; 상담원 연결; 상담원과 통화
  เจ้าหน้าที่; คุยกับเจ้าหน้าที่; nhân viên; gặp nhân viên; nói chuyện với nhân viên
`;

/** Types that hold words of the customer's own, or a choice of theirs. */
const SAID = ['text', 'button', 'interactive'];

/** Whether a message as a whole asks for a person: cheap and certain, before any model is paid. */
export function asksForPerson(message: InboundMessage, settings: HandOverSettings): boolean {
  const said = SAID.includes(message.type) ? plainWords(readText(message)) : '';
  if (said === '' || said.length > LONGEST_WORD) return false;
  return knownWords(settings).has(said);
}

export function personWords({ personWords: words }: HandOverSettings): readonly string[] {
  return words ?? USUAL_WORDS;
}

const USUAL_WORDS: readonly string[] = PERSON_WORDS.split(/[;\n]/)
  .map((word) => word.trim())
  .filter(Boolean);

/** Reduced once for as long as a tenant's record is held. */
const KNOWN_WORDS = new WeakMap<HandOverSettings, ReadonlySet<string>>();

function knownWords(settings: HandOverSettings): ReadonlySet<string> {
  const known = KNOWN_WORDS.get(settings) ?? new Set(personWords(settings).map(plainWords));
  KNOWN_WORDS.set(settings, known);
  return known;
}
