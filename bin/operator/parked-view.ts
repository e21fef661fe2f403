import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import type { ParkedMessage } from '#app/ports/parked-messages.ts';

/** A parked message as it is printed: pseudonyms as in the logs, and nothing of the customer. */
export interface ParkedView {
  readonly message: string;
  readonly chat: string;
  readonly phoneNumberId: string;
  readonly acceptedAt: string;
  readonly ageSeconds: number;
  readonly reason: string;
  readonly class: string;
  readonly peer: string;
  readonly code: string;
  readonly attempts: number;
  readonly correlationId: string;
}

export function viewOf(parked: ParkedMessage, nowMs: number): ParkedView {
  const { chat, key, acceptedAtMs, correlationId, parking } = parked;
  return {
    message: pseudonyms.ofMessage(key),
    chat: pseudonyms.ofChat(chat),
    phoneNumberId: chat.phoneNumberId,
    acceptedAt: new Date(acceptedAtMs).toISOString(),
    ageSeconds: Math.max(0, Math.round((nowMs - acceptedAtMs) / 1000)),
    ...parking,
    correlationId,
  };
}

/** `40 s`, `12 min`, `3 h`, `2 d`: enough to know how long a customer has been waiting. */
export function ageInWords(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** `3 messages`, `1 message`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** Columns as wide as their widest cell. */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}
