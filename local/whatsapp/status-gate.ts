/** `held`: they come when the gate is opened again; `lost`: they never come. */
export const STATUS_DELIVERIES = ['normal', 'held', 'lost'] as const;
export type StatusDelivery = (typeof STATUS_DELIVERIES)[number];

/** Meta promises no time for status webhooks, nor that each one comes: here they can be kept back. */
export class StatusGate {
  #delivery: StatusDelivery = 'normal';
  #held: (() => void)[] = [];

  get delivery(): StatusDelivery {
    return this.#delivery;
  }

  /** Those that are held go out in their order as soon as nothing holds them any more. */
  set(delivery: StatusDelivery): void {
    this.#delivery = delivery;
    if (delivery === 'held') return;
    for (const send of this.#held.splice(0)) this.pass(send);
  }

  pass(send: () => void): void {
    switch (this.#delivery) {
      case 'normal':
        send();
        return;
      case 'held':
        this.#held.push(send);
        return;
      case 'lost':
        return;
    }
  }
}
