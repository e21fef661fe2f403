import type { MessageTemplate } from './business.ts';

/** `pricing` of a status webhook. */
export interface Pricing {
  readonly billable: boolean;
  readonly pricing_model: 'PMP';
  readonly type: 'free_customer_service' | 'free_group_customer_service' | 'regular';
  readonly category: string;
}

/** From then on Meta bills free-form replies and utility templates inside the window. */
const SERVICE_BILLED_FROM_MS = Date.UTC(2026, 9, 1);
const FREE_SERVICE_MESSAGES_PER_MONTH = 1_000;

export interface PricedMessage {
  readonly atMs: number;
  readonly template: MessageTemplate | undefined;
  readonly windowOpen: boolean;
  readonly toGroup: boolean;
}

/** Prices one number's messages: per message, with the monthly free tier of service messages. */
export class PriceList {
  #month = '';
  #freeLeft = FREE_SERVICE_MESSAGES_PER_MONTH;

  price({ atMs, template, windowOpen, toGroup }: PricedMessage): Pricing {
    const before = atMs < SERVICE_BILLED_FROM_MS;
    if (template) {
      const free = before && windowOpen && template.category === 'utility';
      return pricing(free ? 'free_customer_service' : 'regular', template.category);
    }
    const category = toGroup ? 'group_service' : 'service';
    const free = toGroup ? 'free_group_customer_service' : 'free_customer_service';
    return pricing(before || this.#takeFree(atMs) ? free : 'regular', category);
  }

  #takeFree(atMs: number): boolean {
    const month = new Date(atMs).toISOString().slice(0, 7);
    if (month !== this.#month) {
      this.#month = month;
      this.#freeLeft = FREE_SERVICE_MESSAGES_PER_MONTH;
    }
    if (this.#freeLeft === 0) return false;
    this.#freeLeft -= 1;
    return true;
  }
}

function pricing(type: Pricing['type'], category: string): Pricing {
  return { billable: type === 'regular', pricing_model: 'PMP', type, category };
}
