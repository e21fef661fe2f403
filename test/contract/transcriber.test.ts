import { expect, it } from 'vitest';
import { TIMED_OUT } from '#adapters/openai/model-failure.ts';
import { OpenAiTranscriber } from '#adapters/openai/open-ai-transcriber.ts';
import type { Failure } from '#domain/failure.ts';
import { Callers } from '#local/callers.ts';
import { realClock } from '#local/clock.ts';
import { type Fault, Faults } from '#local/faults.ts';
import { ScriptedModel } from '#local/model/scripted-model.ts';
import { startPeerServer } from '#local/peer-server.ts';
import { aPng, aVoiceNote } from '#test/support/files.ts';
import { ScriptedTranscriber } from '#test/support/media-peers.ts';
import { aRecording, describeTranscriber, type TranscriberStage } from './transcriber-suite.ts';

const FAULTS: Readonly<Record<Parameters<TranscriberStage['failNext']>[0], Fault>> = {
  busy: { kind: 'throttle' },
  'key-refused': { kind: 'status', status: 401 },
  silent: { kind: 'timeout' },
};

async function startStage() {
  const model = new ScriptedModel({ clock: realClock() });
  const faults = new Faults();
  const server = await startPeerServer(model, { faults, callers: new Callers(faults) });
  const transcriber = new OpenAiTranscriber({
    baseUrl: `${server.url}/v1`,
    secrets: {
      platform: async () => ({ appSecrets: [], verifyTokens: [], openAiApiKey: 'key' }),
      refreshPlatform: async () => false,
    },
  });
  const failNext = (fault: keyof typeof FAULTS) => faults.arm('openai', FAULTS[fault], 1);
  return { transcriber, failNext, close: server.close, model };
}

describeTranscriber('OpenAI', startStage);

const FAILURES: Readonly<Record<keyof typeof FAULTS, Failure>> = {
  busy: { class: 'retry', code: 'openai:rate_limit_exceeded' },
  'key-refused': { class: 'fix-needed', code: 'openai:invalid_api_key' },
  silent: TIMED_OUT,
};

describeTranscriber('scripted', async (): Promise<TranscriberStage> => {
  const transcriber = new ScriptedTranscriber();
  const failNext = (fault: keyof typeof FAILURES) =>
    transcriber.next.push({ kind: 'failed', failure: FAILURES[fault] });
  return { transcriber, failNext, close: async () => {} };
});

it('sends the file under a name whose ending tells what it is', async () => {
  const { transcriber, close, model } = await startStage();
  await transcriber.transcribe(aRecording());
  const [asked] = model.transcriptions;
  expect(asked).toMatchObject({ model: 'gpt-transcribe', fileName: 'voice.ogg' });
  expect(asked?.bytes).toEqual(aVoiceNote(2, 'said: two loaves'));
  await close();
});

it.each([
  ['an ending that nobody knows', { fileName: 'voice' }, 'reply-anyway'],
  ['bytes of another kind', { bytes: aPng('no sound') }, 'reply-anyway'],
  ['a model that is no more', { model: 'whisper-0' }, 'fix-needed'],
] as const)('is told what is wrong with %s', async (_, over, failureClass) => {
  const { transcriber, close } = await startStage();
  expect(await transcriber.transcribe(aRecording(over))).toMatchObject({
    kind: 'failed',
    failure: { class: failureClass },
  });
  await close();
});
