import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isForbidden, withoutForbidden } from '#domain/memory/forbidden.ts';

const NO_HEALTH = { health: false };
const WITH_HEALTH = { health: true };

describe('never remembered, whatever the tenant allows', () => {
  it.each([
    // Test numbers of the card issuers.
    'Card 4111 1111 1111 1111',
    'pays with 4111-1111-1111-1111, as always',
    '5555.5555.5555.4444',
    '378282246310005',
    '6011 0009 9013 9424 exp 12/29',
    '٤١١١١١١١١١١١١١١١',
    '４１１１ １１１１ １１１１ １１１１',
    '4​1​1​1​1​1​1​1​1​1​1​1​1​1​1​1​',
    'ref 00 4111111111111111 99',
    'Her password is hunter2.',
    'PIN 4711',
    'The pin code of the door is 4711',
    'The CVV is 123',
    'one-time code 889911',
    'His API key ends in 42',
    'La contraseña es girasol',
    'mi clave es 1234',
    'Le mot de passe est tournesol',
    'Das Passwort lautet Sonne',
    'A senha é girassol',
    'пароль: солнце',
    'كلمة السر هي شمس',
    '我的密码是太阳',
    'パスワードはひまわり',
    '비밀번호는 해바라기',
    'sk-proj-abcdEFGH12345678',
    'EAAGm0PX4ZCpsBO1234567890abcdef',
    'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    'AKIAIOSFODNN7EXAMPLE',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghij',
    '-----BEGIN RSA PRIVATE KEY-----',
    'x7Gh29sKqLm4NpR8tVw1YzB3dF6',
  ])('%s', (text) => {
    expect(isForbidden(text, WITH_HEALTH)).toBe(true);
    expect(withoutForbidden(`Ana is here. ${text}`, WITH_HEALTH)).not.toContain(text.slice(-4));
  });
});

describe('of somebody’s health, remembered only where the tenant allows it', () => {
  it.each([
    'Allergic to nuts',
    'has a lactose intolerance',
    'She is pregnant.',
    'His blood pressure is high',
    'takes medication every morning',
    'es alérgica a las nueces',
    'Está embarazada',
    'elle est enceinte',
    'ist zuckerkrank',
    'tem diabetes',
    'аллергия на орехи',
    'حساسية من المكسرات',
    '对坚果过敏',
    'ナッツアレルギーがある',
  ])('%s', (text) => {
    expect(isForbidden(text, NO_HEALTH)).toBe(true);
    expect(isForbidden(text, WITH_HEALTH)).toBe(false);
  });
});

describe('remembered', () => {
  it.each([
    'Likes pineapple and spins on Mondays',
    'Lives at Calle Mayor 5, 28013 Madrid',
    'Phone +34 600 111 222',
    'Order 1234567890123',
    'Comes on 20/11/2026 at 10:00, for 4',
    'Her keyboard is broken',
    'Works at Cancello & Sons',
    'Prefers to be called Dr. Pinto',
    'Le gusta el pan de centeno',
    '住在北京',
  ])('%s', (text) => {
    expect(isForbidden(text, NO_HEALTH)).toBe(false);
    expect(withoutForbidden(text, NO_HEALTH)).toBe(text);
  });
});

it('leaves out of a summary the sentences that are not to be remembered', () => {
  const summary =
    'Ana orders bread. Her card is 4111 1111 1111 1111! She comes on Friday.\nShe is allergic to nuts.\nThe door’s PIN is 4711.';
  expect(withoutForbidden(summary, NO_HEALTH)).toBe('Ana orders bread. She comes on Friday.');
});

it('finds every card number, however its digits are set apart', () => {
  const digits = fc.array(fc.nat({ max: 9 }), { minLength: 14, maxLength: 14 });
  const gap = fc.constantFrom('', ' ', '-', '.', ' - '.trim());
  fc.assert(
    fc.property(digits, gap, (rest, between) => {
      const number = [4, ...rest];
      const sum = number.toReversed().reduce((total, digit, index) => {
        const doubled = index % 2 === 0 ? digit * 2 : digit;
        return total + (doubled > 9 ? doubled - 9 : doubled);
      }, 0);
      const card = [...number, (10 - (sum % 10)) % 10];
      const text = `pays with ${card.join(between)} today`;
      return isForbidden(text, WITH_HEALTH);
    }),
  );
});

it('takes no time for a long text', () => {
  const started = performance.now();
  isForbidden('1 '.repeat(5_000), NO_HEALTH);
  isForbidden('a1B'.repeat(5_000), NO_HEALTH);
  isForbidden('.'.repeat(20_000), NO_HEALTH);
  expect(performance.now() - started).toBeLessThan(1_000);
});
