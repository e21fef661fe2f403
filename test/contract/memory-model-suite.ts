import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MemoryModel, MemoryRequest } from '#app/ports/memory-model.ts';
import { parseTurnId } from '#domain/ids.ts';
import { extractionQuestion, summaryQuestion } from '#domain/memory/questions.ts';
import { DEFAULT_MEMORY } from '#domain/tenant/memory-settings.ts';
import { aStoredInbound, aTextMessage, present } from '#test/support/builders.ts';

export interface MemoryModelStage {
  readonly model: MemoryModel;
  /** From now on every request fails: the peer is too busy, wants no more, or is not to be reached. */
  fail(how: 'busy' | 'refusal' | 'no-connection' | undefined): void;
  close(): Promise<void>;
}

/** A word that the simulated model knows, and a sentence that the scripted one does. */
const SAID = 'I like «b0c1m2» rye';

const MESSAGES = [
  {
    stored: aStoredInbound(aTextMessage(SAID), 0),
    turn: present(parseTurnId('1790400000000.1')),
    prompt: { role: 'customer' as const, text: SAID },
  },
];

function aRequest(question: Pick<MemoryRequest, 'instructions' | 'data'>): MemoryRequest {
  return {
    ...question,
    model: 'gpt-6-luna',
    maxOutputTokens: 2_500,
    safetyIdentifier: 'chat-1',
    timeoutMs: 20_000,
  };
}

const EXTRACTION = aRequest(extractionQuestion(MESSAGES, [], DEFAULT_MEMORY));
const SUMMARY = aRequest(summaryQuestion(MESSAGES, 'They came.', DEFAULT_MEMORY));

/** What the model that reads conversations promises, whichever it is. */
export function describeMemoryModel(
  name: string,
  makeStage: () => Promise<MemoryModelStage>,
): void {
  describe(name, () => {
    let stage: MemoryModelStage;
    beforeAll(async () => {
      stage = await makeStage();
    });
    beforeEach(() => stage.fail(undefined));
    afterAll(() => stage?.close());

    it('tells what the messages say, and what it cost', async () => {
      const reply = await stage.model.extract(EXTRACTION);
      expect(reply).toMatchObject({
        kind: 'said',
        said: { facts: [{ text: expect.stringContaining('«b0c1m2»'), source: 0 }] },
        usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
      });
    });

    it('gives one summary of the one before and of what was said', async () => {
      const reply = await stage.model.summarise(SUMMARY);
      expect(reply).toMatchObject({ kind: 'said', said: expect.stringContaining('«b0c1m2»') });
    });

    it.each([
      ['busy', 'retry'],
      ['no-connection', 'retry'],
      ['refusal', 'reply-anyway'],
    ] as const)('fails, where the peer is %s, with what helps: %s', async (how, wanted) => {
      stage.fail(how);
      const code = expect.stringMatching(/^[a-z]+:[\w-]+$/);
      const failure = { kind: 'failed', failure: { class: wanted, code } };
      expect(await stage.model.extract(EXTRACTION)).toMatchObject(failure);
      expect(await stage.model.summarise(SUMMARY)).toMatchObject(failure);
    });
  });
}
