import { expect, it } from 'vitest';
import { SecretUnavailableError } from '#app/ports/secret-source.ts';
import { PowertoolsLog } from '#runtime/logger.ts';

function recordingLog() {
  const lines: { event: unknown; fields: unknown }[] = [];
  const write = (event: unknown, ...extra: unknown[]) => {
    lines.push({ event, fields: extra[0] });
  };
  return {
    lines,
    log: new PowertoolsLog({ debug: write, info: write, warn: write, error: write }),
  };
}

it('adds the fields of the invocation and of the chat to every line', () => {
  const { lines, log } = recordingLog();
  log.with({ requestId: 'r1' }).with({ tenantId: 'bakery' }).info('turn_closed', { parts: 1 });
  expect(lines).toEqual([
    { event: 'turn_closed', fields: { requestId: 'r1', tenantId: 'bakery', parts: 1 } },
  ]);
});

it('keeps chats that are worked side by side apart', () => {
  const { lines, log } = recordingLog();
  const one = log.with({ chat: 'a' });
  log.with({ chat: 'b' }).info('chat_idle');
  one.info('chat_idle');
  expect(lines.map((line) => line.fields)).toEqual([{ chat: 'b' }, { chat: 'a' }]);
});

it("leaves an outside error's message and its repetition in the stack out", () => {
  const { lines, log } = recordingLog();
  const cause = Object.assign(new Error('token EAAB-secret'), { code: 'ECONNRESET' });
  log.error('chat_failed', {}, new TypeError('said: my number is\n34600111222', { cause }));
  const text = JSON.stringify(lines);
  expect(text).toContain('TypeError');
  expect(text).toContain('ECONNRESET');
  expect(text).toContain('logger.test.ts');
  expect(text).not.toMatch(/34600111222|EAAB|said/);
});

it('keeps the message of an error of ours', () => {
  const { lines, log } = recordingLog();
  log.error(
    'request_failed',
    {},
    new SecretUnavailableError('Put a value into the secret', { needs: 'operator' }),
  );
  expect(JSON.stringify(lines)).toContain('Put a value into the secret');
});
