/** A value's place in one list; it knows its neighbours, so that it can be taken out in O(1). */
export interface Place<Value> {
  readonly value: Value;
  previous: Place<Value> | undefined;
  next: Place<Value> | undefined;
}

/** A doubly linked list. */
export class LinkedList<Value> {
  #first: Place<Value> | undefined;
  #last: Place<Value> | undefined;

  get first(): Place<Value> | undefined {
    return this.#first;
  }

  get last(): Place<Value> | undefined {
    return this.#last;
  }

  append(value: Value): Place<Value> {
    return this.insertAfter(this.#last, value);
  }

  /** After undefined means at the front. */
  insertAfter(previous: Place<Value> | undefined, value: Value): Place<Value> {
    const next = previous ? previous.next : this.#first;
    const place = { value, previous, next };
    if (previous) previous.next = place;
    else this.#first = place;
    if (next) next.previous = place;
    else this.#last = place;
    return place;
  }

  /** The place must be one of this list, and still in it. */
  remove({ previous, next }: Place<Value>): void {
    if (previous) previous.next = next;
    else this.#first = next;
    if (next) next.previous = previous;
    else this.#last = previous;
  }

  *[Symbol.iterator](): Generator<Value> {
    for (let place = this.#first; place; place = place.next) yield place.value;
  }
}
