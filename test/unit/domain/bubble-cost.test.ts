import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOfPricing, priceOfBubble } from '#domain/money/bubble-cost.ts';
import { DEAREST_MARKET } from '#domain/money/meta-prices.ts';

describe('Meta’s price of a bubble', () => {
  it.each([
    ['a Spanish phone', '34600111222', 20_100],
    ['a Spanish user', 'ES.9021', 20_100],
    ['a phone of the United States', '14155550100', 3_400],
    ['an Indian phone', '919800000000', 1_400],
    ['a Brazilian user', 'BR.77', 6_800],
    ['a Dominican phone, which begins like an American one', '18095550100', 11_400],
    ['a phone of Barbados, which does too', '12465550100', 7_800],
    ['a Kenyan phone', '254700000000', 4_000],
    ['a Russian phone', '79160000000', 40_100],
    ['a phone of a country that Meta does not list', '35699000000', 7_800],
    ['a user of such a country', 'MT.1', 7_800],
  ])('is known for %s', (_, recipient, micros) => {
    expect(priceOfBubble(recipient)).toBe(micros);
  });

  it.each([
    ['a Kazakh phone, whose market is new', '77010000000'],
    ['a Moroccan user, whose market is new', 'MA.1'],
    ['a group', 'Y2FwaXRhbC1ncm91cDox'],
    ['nobody', ''],
  ])('is the dearest of all for %s', (_, recipient) => {
    expect(priceOfBubble(recipient)).toBe(DEAREST_MARKET.service);
    expect(DEAREST_MARKET.service).toBe(priceOfBubble('49151000000'));
  });

  it('depends on the category, and is that of marketing for one of tomorrow', () => {
    const spain = (category: string) => priceOfBubble('34600111222', category);
    expect(spain('utility')).toBe(spain('service'));
    expect(spain('marketing')).toBe(70_800);
    expect(spain('hologram')).toBe(spain('marketing'));
    expect(spain('authentication-international')).toBe(136_700);
  });

  it.each([
    [{ type: 'regular', category: 'service', billable: true }, 20_100],
    [{ type: 'regular', category: 'service', billable: false }, 20_100],
    [{ type: 'free_customer_service', category: 'service', billable: false }, 0],
    [{ type: 'free_entry_point', category: 'referral_conversion' }, 0],
    [{ type: 'type_of_tomorrow', category: 'service' }, 20_100],
    [{ billable: false, category: 'service' }, 0],
    [{ billable: true, category: 'service' }, 20_100],
    [{}, 20_100],
    [{ type: 7, category: null }, 20_100],
  ])('is told by %j', (pricing, micros) => {
    expect(costOfPricing(pricing, '34600111222')).toBe(micros);
  });

  it('is something for whoever may be written to, and never more than the dearest', () => {
    const recipients = fc.oneof(
      fc.stringMatching(/^[1-9]\d{5,14}$/),
      fc.stringMatching(/^[A-Z]{2}\.\d{1,20}$/),
      fc.string(),
    );
    fc.assert(
      fc.property(recipients, (recipient) => {
        const price = priceOfBubble(recipient);
        expect(price).toBeGreaterThan(0);
        expect(price).toBeLessThanOrEqual(DEAREST_MARKET.service);
      }),
    );
  });
});
