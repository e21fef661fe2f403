import { type JsonObject, textAt, valueAt } from '#domain/json.ts';
import {
  DEAREST_INTERNATIONAL,
  DEAREST_MARKET,
  type MessagePrice,
  priceByCountry,
  priceByPhone,
} from './meta-prices.ts';
import { type MicroUsd, NO_MONEY } from './micro-usd.ts';

/** What Meta asks for a message of this category, where it is billed. */
export function priceOfBubble(recipient: string, category = 'service'): MicroUsd {
  const { service, marketing } = marketOf(recipient);
  switch (category) {
    case 'service':
    case 'utility':
    case 'authentication':
    case 'group_service':
    case 'group_utility':
      return service;
    case 'authentication-international':
    case 'authentication_international':
      return DEAREST_INTERNATIONAL;
    default:
      // Marketing, or a category of tomorrow.
      return marketing;
  }
}

/**
 * What Meta billed, by the `pricing` of a status: `type` says whether, `category` how much. Free are the
 * first 1,000 service messages a month of each number, and what follows a click on an advertisement.
 */
export function costOfPricing(pricing: JsonObject, recipient: string): MicroUsd {
  const type = textAt(pricing, 'type');
  const isFree =
    type === undefined ? valueAt(pricing, 'billable') === false : type.startsWith('free_');
  if (isFree) return NO_MONEY;
  return priceOfBubble(recipient, textAt(pricing, 'category'));
}

/** A phone number, or a user id that begins with its country, such as `ES.9021`; of a group nobody knows. */
function marketOf(recipient: string): MessagePrice {
  if (/^\d{6,15}$/.test(recipient)) return priceByPhone(recipient);
  const [, country] = /^([A-Z]{2})\./.exec(recipient) ?? [];
  return country === undefined ? DEAREST_MARKET : priceByCountry(country);
}
