import type { InMemoryConversations } from '#adapters/in-memory/in-memory-conversations.ts';

/** A store with some methods replaced; whoever replaces them calls the store itself. */
export function override(
  store: InMemoryConversations,
  methods: Partial<InMemoryConversations>,
): InMemoryConversations {
  return new Proxy(store, {
    get(target, key) {
      const replaced: unknown = Reflect.get(methods, key);
      if (replaced !== undefined) return replaced;
      const member: unknown = Reflect.get(target, key, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
