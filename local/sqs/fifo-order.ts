import type { DeliveryOrder } from './delivery-order.ts';
import { LinkedList, type Place } from './linked-list.ts';
import type { StoredMessage } from './message.ts';

interface Group {
  readonly id: string;
  /** In the order of sending; held messages keep their places. */
  readonly messages: LinkedList<StoredMessage>;
  held: number;
  /** Where it stands among the groups that can be served. */
  turn: Place<Group> | undefined;
}

/**
 * A FIFO queue: each group in its order, and none of a group while any of it is held. A receive takes
 * as many of one group as it can before it goes on to the next, and groups take turns
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html).
 * Not modelled: the real service finds groups among the first 120,000 messages only.
 */
export class FifoOrder implements DeliveryOrder {
  readonly #groups = new Map<string, Group>();
  readonly #turns = new LinkedList<Group>();

  get ready(): boolean {
    return this.#turns.first !== undefined;
  }

  enter(message: StoredMessage): void {
    const group = this.#groupOf(message);
    message.orderPlace = group.messages.append(message);
    if (message.state === 'in-flight') group.held += 1;
    this.#takeTurns(group);
  }

  take(limit: number): readonly StoredMessage[] {
    const group = this.#turns.first?.value;
    if (!group) return [];
    const taken: StoredMessage[] = [];
    for (let place = group.messages.first; place && taken.length < limit; place = place.next) {
      if (place.value.state !== 'available') break;
      place.value.state = 'in-flight';
      taken.push(place.value);
    }
    group.held = taken.length;
    this.#takeTurns(group);
    return taken;
  }

  surface(message: StoredMessage): void {
    const group = this.#groupOf(message);
    if (message.state === 'in-flight') group.held -= 1;
    message.state = 'available';
    this.#takeTurns(group);
  }

  leave(message: StoredMessage): void {
    const group = this.#groupOf(message);
    if (message.state === 'in-flight') group.held -= 1;
    if (message.orderPlace) group.messages.remove(message.orderPlace);
    message.orderPlace = undefined;
    this.#takeTurns(group);
    if (!group.messages.first) this.#groups.delete(group.id);
  }

  #groupOf(message: StoredMessage): Group {
    const id = message.content.groupId ?? '';
    const known = this.#groups.get(id);
    if (known) return known;
    const group: Group = { id, messages: new LinkedList(), held: 0, turn: undefined };
    this.#groups.set(id, group);
    return group;
  }

  /** Puts the group in line if it can be served now, and out of it if it cannot. */
  #takeTurns(group: Group): void {
    const servable = group.held === 0 && group.messages.first?.value.state === 'available';
    if (servable && !group.turn) {
      group.turn = this.#turns.append(group);
    } else if (!servable && group.turn) {
      this.#turns.remove(group.turn);
      group.turn = undefined;
    }
  }
}
