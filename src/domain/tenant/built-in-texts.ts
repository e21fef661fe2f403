import { DEFAULT_HAND_OVER } from './handover-settings.ts';
import type { TextKind } from './manners-settings.ts';
import { DEFAULT_TERMS } from './terms.ts';

type BuiltIn = Exclude<TextKind, 'greeting' | 'fallback'>;

/** What is said where the business has written nothing of its own, in the languages that we have it in. */
const TEXTS: Readonly<Record<string, Readonly<Record<BuiltIn, string>>>> = {
  en: {
    limit: DEFAULT_TERMS.limitText,
    blocked: 'We cannot answer this here. A person of our team will look at it.',
    optOut:
      'You will get no more messages from us. Write START whenever you want to hear from us again.',
    optIn: 'Welcome back! How can we help you?',
    person: DEFAULT_HAND_OVER.personText,
    closed: DEFAULT_HAND_OVER.closedText,
  },
  es: {
    limit:
      'Gracias, hemos recibido su mensaje. Ahora mismo no podemos contestar a todo a la vez; denos un poco de tiempo, por favor.',
    blocked: 'Aquí no podemos responder a esto. Una persona de nuestro equipo lo revisará.',
    optOut:
      'No recibirá más mensajes nuestros. Escriba START cuando quiera volver a saber de nosotros.',
    optIn: '¡Qué bien que haya vuelto! ¿En qué podemos ayudarle?',
    person: 'Por supuesto. Alguien de nuestro equipo le escribirá aquí lo antes posible.',
    closed: 'Por supuesto. Nuestro equipo vuelve el {opens} y le escribirá aquí entonces.',
  },
  pt: {
    limit:
      'Obrigado, recebemos a sua mensagem. Neste momento não conseguimos responder a tudo de uma vez; aguarde um pouco, por favor.',
    blocked: 'Não podemos responder a isto por aqui. Uma pessoa da nossa equipe vai analisar.',
    optOut:
      'Você não receberá mais mensagens nossas. Escreva START quando quiser voltar a receber.',
    optIn: 'Que bom ter você de volta! Como podemos ajudar?',
    person: 'Claro. Alguém da nossa equipe vai escrever para você aqui assim que possível.',
    closed: 'Claro. Nossa equipe volta {opens} e vai escrever para você aqui.',
  },
  fr: {
    limit:
      'Merci, votre message est bien arrivé. Nous ne pouvons pas répondre à tout en même temps ; accordez-nous un petit moment.',
    blocked:
      'Nous ne pouvons pas répondre à cela ici. Une personne de notre équipe va s’en occuper.',
    optOut:
      'Vous ne recevrez plus de messages de notre part. Écrivez START quand vous voudrez en recevoir de nouveau.',
    optIn: 'Ravis de vous retrouver ! Comment pouvons-nous vous aider ?',
    person: 'Bien sûr. Une personne de notre équipe vous écrira ici dès que possible.',
    closed: 'Bien sûr. Notre équipe est de retour {opens} et vous écrira ici à ce moment-là.',
  },
  de: {
    limit:
      'Danke, Ihre Nachricht ist angekommen. Wir können gerade nicht alles auf einmal beantworten; bitte geben Sie uns etwas Zeit.',
    blocked: 'Darauf können wir hier nicht antworten. Jemand aus unserem Team sieht es sich an.',
    optOut:
      'Sie bekommen keine Nachrichten mehr von uns. Schreiben Sie START, wenn Sie wieder von uns hören möchten.',
    optIn: 'Schön, dass Sie wieder da sind! Wie können wir helfen?',
    person: 'Gern. Jemand aus unserem Team schreibt Ihnen hier so bald wie möglich.',
    closed: 'Gern. Unser Team ist ab {opens} wieder da und schreibt Ihnen dann hier.',
  },
  it: {
    limit:
      'Grazie, il suo messaggio è arrivato. In questo momento non riusciamo a rispondere a tutto insieme: ci dia un po’ di tempo.',
    blocked: 'Qui non possiamo rispondere a questo. Una persona del nostro team se ne occuperà.',
    optOut: 'Non riceverà più messaggi da noi. Scriva START quando vorrà riceverne di nuovo.',
    optIn: 'Bentornato! Come possiamo aiutarla?',
    person: 'Certo. Una persona del nostro team le scriverà qui appena possibile.',
    closed: 'Certo. Il nostro team torna {opens} e le scriverà qui.',
  },
  nl: {
    limit:
      'Bedankt, uw bericht is aangekomen. We kunnen nu niet alles tegelijk beantwoorden; geef ons alstublieft wat tijd.',
    blocked: 'Hierop kunnen we hier niet antwoorden. Iemand van ons team kijkt ernaar.',
    optOut: 'U krijgt geen berichten meer van ons. Stuur START wanneer u weer van ons wilt horen.',
    optIn: 'Fijn dat u er weer bent! Waarmee kunnen we helpen?',
    person: 'Natuurlijk. Iemand van ons team schrijft u hier zo snel mogelijk.',
    closed: 'Natuurlijk. Ons team is er {opens} weer en schrijft u dan hier.',
  },
  tr: {
    limit:
      'Teşekkürler, mesajınız ulaştı. Şu anda her şeye aynı anda yanıt veremiyoruz; lütfen bize biraz zaman tanıyın.',
    blocked: 'Buna buradan yanıt veremiyoruz. Ekibimizden biri ilgilenecek.',
    optOut: 'Bizden artık mesaj almayacaksınız. Yeniden almak isterseniz START yazın.',
    optIn: 'Tekrar hoş geldiniz! Size nasıl yardımcı olabiliriz?',
    person: 'Elbette. Ekibimizden biri size en kısa sürede buradan yazacak.',
    closed: 'Elbette. Ekibimiz {opens} itibarıyla burada olacak ve size buradan yazacak.',
  },
  ru: {
    limit:
      'Спасибо, ваше сообщение получено. Сейчас мы не можем ответить на всё сразу; дайте нам, пожалуйста, немного времени.',
    blocked: 'Мы не можем ответить на это здесь. Этим займётся наш сотрудник.',
    optOut:
      'Вы больше не будете получать от нас сообщений. Напишите START, когда захотите получать их снова.',
    optIn: 'Рады видеть вас снова! Чем можем помочь?',
    person: 'Конечно. Наш сотрудник напишет вам здесь как можно скорее.',
    closed: 'Конечно. Наши сотрудники снова на месте с {opens} и напишут вам здесь.',
  },
  ar: {
    limit: 'شكرًا لك، وصلت رسالتك. لا يمكننا الرد على كل شيء دفعة واحدة الآن؛ نرجو منحنا بعض الوقت.',
    blocked: 'لا يمكننا الرد على هذا هنا. سينظر فيه أحد أفراد فريقنا.',
    optOut: 'لن تصلك منا رسائل بعد الآن. اكتب START متى أردت أن تصلك من جديد.',
    optIn: 'أهلًا بعودتك! كيف يمكننا مساعدتك؟',
    person: 'بالتأكيد. سيكتب لك أحد أفراد فريقنا هنا في أقرب وقت ممكن.',
    closed: 'بالتأكيد. يعود فريقنا {opens} وسيكتب لك هنا حينها.',
  },
  hi: {
    limit: 'धन्यवाद, आपका संदेश मिल गया है। अभी हम एक साथ सबका उत्तर नहीं दे सकते; कृपया हमें थोड़ा समय दें।',
    blocked: 'हम यहाँ इसका उत्तर नहीं दे सकते। हमारी टीम का कोई व्यक्ति इसे देखेगा।',
    optOut: 'अब आपको हमारी ओर से कोई संदेश नहीं मिलेगा। फिर से पाने के लिए START लिखें।',
    optIn: 'आपका फिर से स्वागत है! हम आपकी कैसे मदद कर सकते हैं?',
    person: 'ज़रूर। हमारी टीम का कोई व्यक्ति जल्द से जल्द आपको यहीं लिखेगा।',
    closed: 'ज़रूर। हमारी टीम {opens} को वापस आएगी और तब आपको यहीं लिखेगी।',
  },
  id: {
    limit:
      'Terima kasih, pesan Anda sudah kami terima. Saat ini kami belum bisa menjawab semuanya sekaligus; mohon beri kami sedikit waktu.',
    blocked: 'Kami tidak dapat menjawab ini di sini. Seseorang dari tim kami akan melihatnya.',
    optOut:
      'Anda tidak akan menerima pesan lagi dari kami. Tulis START bila ingin menerimanya lagi.',
    optIn: 'Selamat datang kembali! Apa yang bisa kami bantu?',
    person: 'Tentu. Seseorang dari tim kami akan menulis kepada Anda di sini secepatnya.',
    closed: 'Tentu. Tim kami kembali pada {opens} dan akan menulis kepada Anda di sini.',
  },
};

/** In the language, else in English. @returns undefined for what only the business can say */
export function builtInText(kind: TextKind, language: string | undefined): string | undefined {
  if (kind === 'greeting' || kind === 'fallback') return undefined;
  return TEXTS[baseOf(builtInLanguage(language))]?.[kind];
}

/** The language that is said where this one is asked for. */
export function builtInLanguage(language = 'en'): string {
  return Object.hasOwn(TEXTS, baseOf(language)) ? language : 'en';
}

function baseOf(language: string): string {
  return language.split('-')[0] ?? language;
}
