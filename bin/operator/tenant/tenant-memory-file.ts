import { z } from 'zod';
import type { JsonObject } from '#domain/json.ts';
import {
  DEFAULT_MEMORY,
  MEMORY_SWITCHES,
  type MemorySettings,
} from '#domain/tenant/memory-settings.ts';

const isOn = (name: keyof MemorySettings, words: string) =>
  z.boolean().default(DEFAULT_MEMORY[name]).describe(words);

/** The key `memory` of a business's file. */
export const memorySchema = {
  memory: z
    .strictObject({
      summary: isOn('summary', 'What was said before the messages that the model is shown'),
      profile: isOn('profile', 'Name, language and preferences'),
      facts: isOn('facts', 'Other things that customers told'),
      health: isOn('health', 'Also what they tell of their health'),
      permanent: isOn('permanent', 'Some things until they are erased, beyond retentionDays'),
    })
    .optional()
    .describe('What the assistant remembers'),
};

export function toMemory(memory: MemorySettings | undefined): MemorySettings {
  return memory ?? DEFAULT_MEMORY;
}

/** Only what differs from the defaults. */
export function memoryDocument(memory: MemorySettings): JsonObject {
  const said = MEMORY_SWITCHES.filter((name) => memory[name] !== DEFAULT_MEMORY[name]);
  if (said.length === 0) return {};
  return { memory: Object.fromEntries(said.map((name) => [name, memory[name]])) };
}
