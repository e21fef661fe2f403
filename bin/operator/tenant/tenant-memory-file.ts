import { z } from 'zod';
import type { JsonObject } from '#domain/json.ts';
import {
  DEFAULT_MEMORY,
  MEMORY_SWITCHES,
  type MemorySettings,
} from '#domain/tenant/memory-settings.ts';
import { UsageError } from '#operator/operator-error.ts';

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

/** As it is written in a file. */
export function memoryDocument(memory: MemorySettings): JsonObject {
  return { memory };
}

/** `health=on`, as the command line has it. @throws UsageError */
export function readMemoryOptions(options: readonly string[]): JsonObject {
  return Object.fromEntries(
    options.map((option) => {
      const [, name, state] = /^(\w+)=(on|off)$/.exec(option) ?? [];
      const part = MEMORY_SWITCHES.find((each) => each === name);
      if (part) return [part, state === 'on'];
      throw new UsageError(
        `--memory ${option}: say on or off of one of ${MEMORY_SWITCHES.join(', ')}, such as health=on.`,
      );
    }),
  );
}
