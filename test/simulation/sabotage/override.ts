import type { InMemoryConversations } from '#adapters/in-memory/in-memory-conversations.ts';

/** A store with some methods replaced; whoever replaces them calls the store itself. */
export function override(
  store: InMemoryConversations,
  methods: Partial<InMemoryConversations>,
): InMemoryConversations {
  return overrideOf(store, methods);
}

/** As `override`, of any object. */
export function overrideOf<Thing extends object>(thing: Thing, members: Partial<Thing>): Thing {
  return new Proxy(thing, {
    get(target, key) {
      const replaced: unknown = Reflect.get(members, key);
      if (replaced !== undefined) return replaced;
      const member: unknown = Reflect.get(target, key, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
