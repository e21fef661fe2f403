import { plainDigit } from '#domain/conversation/plain-digits.ts';

export interface RememberRules {
  /** Whether the tenant lets health data be remembered. */
  readonly health: boolean;
}

/**
 * What is never remembered, whatever a model was told: card numbers, passwords and other secrets, and
 * health data unless the tenant allows it. In doubt it is: a wrongly left out fact is asked for again.
 */
export function isForbidden(text: string, { health }: RememberRules): boolean {
  const words = inWords(text);
  return (
    hasCardNumber(plainOf(text)) ||
    saysSecret(words) ||
    SECRET_VALUES.some((secret) => secret.test(text)) ||
    (!health && saysHealth(words))
  );
}

/** A text without the sentences that are not to be remembered. */
export function withoutForbidden(text: string, rules: RememberRules): string {
  // A secret may be cut by a full stop, so what is left is looked at as a whole, too.
  const kept = text.split(SENTENCE_ENDS).filter((sentence) => !isForbidden(sentence, rules));
  const rest = kept.join(' ').trim();
  return isForbidden(rest, rules) ? '' : rest;
}

const SENTENCE_ENDS = /(?<=[.!?。！？؟।;])\s+|\n+/u;

/** Lower case, without accents, digits of every script as ours, nothing invisible. */
function plainOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]|\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase()
    .replace(/\p{Nd}/gu, plainDigit);
}

function hasCardNumber(plain: string): boolean {
  for (const [run] of plain.matchAll(/\d(?:[ .\-–_/]{0,2}\d){11,}/g)) {
    const digits = run.replace(/\D/g, '');
    for (let length = 19; length >= 13; length -= 1) {
      for (let at = 0; at + length <= digits.length; at += 1) {
        if (isCard(digits.slice(at, at + length))) return true;
      }
    }
  }
  return false;
}

/** Begins as the numbers of card issuers do, and has their check digit. */
function isCard(digits: string): boolean {
  return /^(?:3[0-9]|4|5[0-9]|6[0-9]|2[2-7]|81|9792)/.test(digits) && hasCheckDigit(digits);
}

/** Luhn's formula. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Pieces of what `inWords` gives: one word or several, with a space where a word must begin or end. */
type Vocabulary = readonly string[];

/**
 * Words and phrases, as a whole or as their beginnings where they end in `*`. No pattern of hundreds of
 * alternatives: it would take longer to compile than all texts to read.
 */
function vocabulary(list: string): Vocabulary {
  return list
    .split(';')
    .map((phrase) => phrase.trim())
    .filter(Boolean)
    .map((phrase) => {
      const words = inWords(phrase);
      // Scripts that set no spaces between words have no ends of words either.
      if (UNSPACED.test(words)) return words.trim();
      return phrase.endsWith('*') ? words.trimEnd() : words;
    });
}

const UNSPACED = /[\u0e00-\u0e7f\u2e80-\u9fff\uac00-\ud7af\u1100-\u11ff]/;

/** The list is read when it is asked for the first time: many a process never does. */
function wordsOf(list: string): (words: string) => boolean {
  let known: Vocabulary | undefined;
  return (words) => {
    known ??= vocabulary(list);
    return known.some((phrase) => words.includes(phrase));
  };
}

/** One space around each word, and nothing else between them. */
function inWords(text: string): string {
  return ` ${plainOf(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .join(' ')} `;
}

const saysSecret = wordsOf(`
  password*; passwd; pwd; passcode*; passphrase*; pin; pin code; pin number; otp; one time code*;
  verification code*; security code*; access code*; access key*; secret key*; private key*; api key*; api token*; access token*;
  auth token*; bearer; credential*; cvv; cvc; cvv2; cvc2; seed phrase*; recovery phrase*; recovery code*;
  contrasena*; clave; claves; codigo de seguridad; codigo de verificacion; codigo de acceso; frase semilla;
  senha*; palavra passe; codigo de seguranca; codigo de verificacao;
  mot de passe; mots de passe; code secret; code de securite; code de verification; code pin;
  passwort*; kennwort*; geheimzahl*; sicherheitscode*; zugangsdaten; zugangscode*; kartenprufnummer*; pin-nummer;
  parola d'ordine; parola chiave; codice di sicurezza; codice segreto; wachtwoord*; pincode*; beveiligingscode*;
  haslo*; heslo*; losenord*; adgangskode*; passord*; salasana*; sifre*; jelszo*; parole d'acces;
  kata sandi; mat khau; пароль*; пароля; пароли; пин; пин-код*; код безопасности;
  كلمة السر; كلمة المرور; الرقم السري; סיסמה; סיסמא; पासवर्ड; पिन; รหัสผ่าน;
  密码; 密碼; 验证码; 驗證碼; パスワード; 暗証番号; 비밀번호; 인증번호
`);

const SECRET_VALUES: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+/,
  /\b(?:sk|pk|rk|whsec|xox[abprs]|gh[opsu]|glpat|AKIA|ASIA|EAA|ya29|AIza|shpat)[-_.]?[\w-]{12,}/,
  // Long, and mixed as no word or number is.
  /(?<![\w/+=-])(?=[\w/+=-]*[a-z])(?=[\w/+=-]*[A-Z])(?=[\w/+=-]*\d)[\w/+=-]{24,}/,
];

const saysHealth = wordsOf(`
  allerg*; intoleran*; celiac*; coeliac*; diabet*; insulin*; asthma*; asthmatic*; pregnan*; miscarriage*; cancer*; tumor*; tumour*; chemo*;
  hiv; aids; hepatit*; depress*; anxiety; bipolar*; schizo*; autis*; adhd; epilep*; dementia; alzheimer*; parkinson*;
  diagnos*; disease*; illness*; medication*; medicine*; prescri*; antidepress*; therapist*; psychiatr*; psycholog*;
  surgery; surgeries; blood pressure; heart attack*; heart condition*; stroke; disabilit*; disabled; wheelchair*; injur*; addict*; alcoholi*; covid*;
  alergi*; intoleran*; celiac*; embaraz*; enfermedad*; medicament*; medicacion; hipertens*; discapaci*; cirugia*; lesion*; asma; asmatic*; sida; vih;
  gravid*; doenca*; deficien*; cirurgia*; remedio*;
  enceinte*; maladie*; malade*; medicament*; handicap*; chirurgi*; asthme; asthmatique*; grossesse*;
  schwanger*; krankheit*; krank; erkrank*; medikament*; behinder*; operiert*; zuckerkrank*; unvertraglich*; asthma; krebs; krebskrank*;
  incinta; malattia*; malattie; farmac*; disabil*; intervento chirurgico;
  zwanger*; ziekte*; medicijn*; gehandicapt*; ciaz*; chorob*; lekarstw*; hamile*; hastalik*; ilac*;
  аллерг*; диабет*; беремен*; болезн*; лекарств*; инвалид*; астм*; рак; диагноз*; депресс*;
  حساسية; حامل; السكري; مرض; دواء; אלרגי*; הריון; סוכרת; מחלה; תרופ*; एलर्जी; मधुमेह; गर्भवती; बीमारी;
  过敏; 過敏; 糖尿病; 怀孕; 懷孕; 癌症; 疾病; アレルギー; 妊娠; 病気; 喘息; 알레르기; 당뇨; 임신; 질병
`);
