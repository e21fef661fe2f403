import { isObject, valueAt } from '#domain/json.ts';
import {
  DEFAULT_MEMORY,
  MEMORY_SWITCHES,
  type MemorySettings,
} from '#domain/tenant/memory-settings.ts';
import type { StoredRecord } from './stored-record.ts';

/** What was stored before there was a memory says nothing of it. @throws StoredRecordError */
export function readMemorySettings(record: StoredRecord): MemorySettings {
  const { memory } = record.fields;
  return memory === undefined ? DEFAULT_MEMORY : record.required('memory', settingsIn(memory));
}

function settingsIn(memory: unknown): MemorySettings | undefined {
  if (!isObject(memory)) return undefined;
  const said = MEMORY_SWITCHES.map((name) => [name, valueAt(memory, name)] as const);
  if (said.some(([, value]) => value !== undefined && typeof value !== 'boolean')) return undefined;
  const isOn = (name: keyof MemorySettings) => {
    const value = valueAt(memory, name);
    return typeof value === 'boolean' ? value : DEFAULT_MEMORY[name];
  };
  return {
    summary: isOn('summary'),
    profile: isOn('profile'),
    facts: isOn('facts'),
    health: isOn('health'),
    permanent: isOn('permanent'),
  };
}
