import type { DeliveryOrder } from './delivery-order.ts';
import { LinkedList } from './linked-list.ts';
import type { StoredMessage } from './message.ts';

/** A standard queue: what has been available for longest goes first, and nothing waits for anything. */
export class StandardOrder implements DeliveryOrder {
  readonly #available = new LinkedList<StoredMessage>();

  get ready(): boolean {
    return this.#available.first !== undefined;
  }

  enter(message: StoredMessage): void {
    if (message.state === 'available') this.surface(message);
  }

  take(limit: number): readonly StoredMessage[] {
    const taken: StoredMessage[] = [];
    for (let place = this.#available.first; place && taken.length < limit; place = place.next) {
      taken.push(place.value);
      this.leave(place.value);
      place.value.state = 'in-flight';
    }
    return taken;
  }

  surface(message: StoredMessage): void {
    message.state = 'available';
    message.orderPlace = this.#available.append(message);
  }

  leave(message: StoredMessage): void {
    if (message.orderPlace) this.#available.remove(message.orderPlace);
    message.orderPlace = undefined;
  }
}
