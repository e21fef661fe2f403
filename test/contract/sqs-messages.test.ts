import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SqsDoor } from '#test/support/sqs-door.ts';
import { SQS_DOORS } from '#test/support/sqs-doors.ts';

describe.each(SQS_DOORS)('what a message carries, by %s', (_, open) => {
  let door: SqsDoor;

  beforeEach(async () => {
    door = await open();
    await door.createQueue('q');
  });

  afterEach(() => door.close());

  it.each([
    ['an emoji', '😀 thank you 🙏🏽'],
    ['several scripts', 'Grüße, 你好, שלום, \u{1F1E9}\u{1F1EA}'],
    ['white space at its ends', '\t\r\n padded \n'],
    ['JSON in JSON', '{"body":"{\\"text\\":\\"\\\\u00fc\\"}"}'],
  ])('carries a body with %s unchanged', async (_case, body) => {
    await door.send('q', { body });
    expect((await door.receive('q'))[0]?.body).toBe(body);
  });

  it('carries message attributes of every type', async () => {
    await door.send('q', {
      body: 'x',
      attributes: {
        reason: { dataType: 'String', stringValue: 'token revoked ü' },
        code: { dataType: 'Number', stringValue: '190' },
        'raw.bytes': { dataType: 'Binary.png', binaryValue: 'AAECAw==' },
      },
    });
    const [message] = await door.receive('q');
    expect(message?.attributes).toEqual({
      reason: { DataType: 'String', StringValue: 'token revoked ü' },
      code: { DataType: 'Number', StringValue: '190' },
      'raw.bytes': { DataType: 'Binary.png', BinaryValue: new Uint8Array([0, 1, 2, 3]) },
    });
  });

  it.each([
    ['of no known type', { a: { dataType: 'Date', stringValue: 'x' } }],
    ['without a value', { a: { dataType: 'String' } }],
    ['that is no number', { a: { dataType: 'Number', stringValue: 'ten' } }],
    ['with a reserved name', { 'AWS.trace': { dataType: 'String', stringValue: 'x' } }],
    [
      'beyond ten',
      Object.fromEntries(
        Array.from({ length: 11 }, (_each, n) => [
          `a${n}`,
          { dataType: 'String', stringValue: 'x' },
        ]),
      ),
    ],
  ])('refuses a message attribute %s', async (_case, attributes) => {
    expect(await door.send('q', { body: 'x', attributes })).toEqual({
      refused: 'InvalidParameterValue',
    });
  });

  it('tells when a message was sent and first received, and how often', async () => {
    const sentAt = door.clock.now();
    await door.send('q', { body: 'x' });
    door.clock.advanceBy(1_000);
    await door.receive('q', { visibilityTimeoutSeconds: 10 });
    door.clock.advanceBy(10_000);
    const [again] = await door.receive('q');
    expect(again?.system).toMatchObject({
      ApproximateReceiveCount: '2',
      SentTimestamp: String(sentAt),
      ApproximateFirstReceiveTimestamp: String(sentAt + 1_000),
    });
    expect(again?.system['SenderId']).toBeTruthy();
  });

  it('carries the trace header as a system attribute', async () => {
    const traceHeader = 'Root=1-67891233-abcdef012345678912345678;Sampled=1';
    await door.send('q', { body: 'x', traceHeader });
    expect((await door.receive('q'))[0]?.system['AWSTraceHeader']).toBe(traceHeader);
  });
});
