import { expect, it } from 'vitest';
import { CANARY_NUMBER } from '#domain/tenant/canary-tenant.ts';
import { UsageError } from '#operator/operator-error.ts';
import { stageTarget } from '../../../load/targets/stage-target.ts';

const OUTPUTS = {
  ChatQueueUrl: 'https://sqs/chats',
  ChatDeadLetterQueueUrl: 'https://sqs/dead-chats',
  EventsDeadLetterQueueUrl: 'https://sqs/dead-events',
};
const place = { stage: 'staging', url: 'https://hooks.example.com', region: 'eu-west-1' } as const;

function anAccount(outputs: Readonly<Record<string, string>>) {
  return {
    findStack: async () => ({
      status: 'CREATE_COMPLETE',
      outputs: new Map(Object.entries(outputs)),
    }),
  };
}

it('writes to the canary’s number and to nobody else, held to what a stage must keep', async () => {
  const target = await stageTarget(place, 'of-the-stage', anAccount(OUTPUTS));
  expect(target).toMatchObject({
    name: 'staging',
    place: 'deployed',
    url: 'https://hooks.example.com',
    appSecret: 'of-the-stage',
    numbers: { any: [CANARY_NUMBER], noisy: [], quiet: [] },
  });
  expect(target.witness).toBeDefined();
});

it('says which output an older release lacks', async () => {
  const { ChatQueueUrl: _, ...older } = OUTPUTS;
  const found = stageTarget(place, 'of-the-stage', anAccount(older));
  await expect(found).rejects.toThrow(UsageError);
  await expect(found).rejects.toThrow('no output ChatQueueUrl');
});
