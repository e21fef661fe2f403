import { isObject, type JsonObject, textAt } from '../../../src/domain/json.ts';

/** What of a function's log tells why it did not do what it should: the last that is no ordinary line. */
export function complaintIn(log: readonly string[]): string {
  const complaint = log.map(parsed).findLast(isComplaint) ?? {};
  const words = [textAt(complaint, 'message') ?? 'nothing', textAt(complaint, 'cause')];
  return words.filter((each) => each !== undefined).join(', ');
}

/** A turn that is put off is nothing to warn of, but nothing to measure either. */
function isComplaint(line: JsonObject): boolean {
  const level = textAt(line, 'level');
  return level === 'WARN' || level === 'ERROR' || textAt(line, 'message') === 'turn_deferred';
}

function parsed(line: string): JsonObject {
  try {
    const json: unknown = JSON.parse(line);
    return isObject(json) ? json : {};
  } catch {
    return {};
  }
}
