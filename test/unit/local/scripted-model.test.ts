import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXTRACTION_FORMAT, SUMMARY_FORMAT } from '#adapters/openai/memory-format.ts';
import { parseTurnId } from '#domain/ids.ts';
import {
  extractionQuestion,
  type MemoryQuestion,
  summaryQuestion,
} from '#domain/memory/questions.ts';
import { DEFAULT_MEMORY } from '#domain/tenant/memory-settings.ts';
import { Callers } from '#local/callers.ts';
import { realClock } from '#local/clock.ts';
import { Faults, parseFault } from '#local/faults.ts';
import { ScriptedModel } from '#local/model/scripted-model.ts';
import { type RunningServer, startPeerServer } from '#local/peer-server.ts';
import { aMemoryItem, aStoredInbound, aTextMessage, present } from '#test/support/builders.ts';

let model: ScriptedModel;
let faults: Faults;
let server: RunningServer;
let client: OpenAI;

beforeEach(async () => {
  model = new ScriptedModel({ clock: realClock() });
  faults = new Faults();
  server = await startPeerServer(model, { faults, callers: new Callers(faults) });
  client = new OpenAI({ apiKey: 'k', baseURL: `${server.url}/from/env-1/v1`, maxRetries: 0 });
});

afterEach(() => server.close());

const ASK = { model: 'gpt-6-luna', input: 'Hello', store: false };

function post(body: unknown, headers = { authorization: 'Bearer k' }): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${server.url}/v1/responses`, { method: 'POST', headers, body: text });
}

describe('the scripted model', () => {
  it("repeats the turn: the customer's messages after the last reply", async () => {
    const response = await client.responses.create({
      ...ASK,
      instructions: 'Be kind.',
      input: [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hi!' },
        { role: 'user', content: 'Two loaves' },
        { role: 'user', content: [{ type: 'input_text', text: 'and a cake' }] },
      ],
    });
    expect(response.output_text).toBe('You said: Two loaves / and a cake');
    expect(response.status).toBe('completed');
    expect(response.usage?.total_tokens).toBeGreaterThan(0);
  });

  it('remembers what it was asked, and by whom', async () => {
    await client.responses.create(ASK);
    expect(model.requests).toMatchObject([{ model: 'gpt-6-luna', environmentId: 'env-1' }]);
  });

  it('says what the script says', async () => {
    model.script = ({ instructions }) => ({ kind: 'text', text: `As told: ${instructions}` });
    const response = await client.responses.create({ ...ASK, instructions: 'Be brief.' });
    expect(response.output_text).toBe('As told: Be brief.');
  });

  it('can refuse, break off, fail, and call a function', async () => {
    model.enqueue(
      { kind: 'refusal', text: 'No.' },
      { kind: 'incomplete', reason: 'max_output_tokens', text: 'Half a' },
      { kind: 'failed', code: 'server_error' },
      { kind: 'calls', calls: [{ name: 'book', arguments: '{}' }] },
    );
    const ask = () => client.responses.create(ASK);
    expect(await ask()).toMatchObject({
      output: [{ content: [{ type: 'refusal', refusal: 'No.' }] }],
    });
    expect(await ask()).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    });
    expect(await ask()).toMatchObject({ status: 'failed', error: { code: 'server_error' } });
    expect(await ask()).toMatchObject({ output: [{ type: 'function_call', name: 'book' }] });
    expect(await ask()).toMatchObject({ output_text: 'You said: Hello' });
  });

  it('refuses without money in the account', async () => {
    model.enqueue({ kind: 'insufficient-quota' });
    await expect(client.responses.create(ASK)).rejects.toMatchObject({
      status: 429,
      code: 'insufficient_quota',
    });
  });

  it.each([
    ['throttle', 429, 'rate_limit_exceeded'],
    ['status:429', 429, 'rate_limit_exceeded'],
    ['status:500', 500, null],
    ['status:503', 503, 'server_is_overloaded'],
    ['status:401', 401, 'invalid_api_key'],
  ])('gives the error of OpenAI for the fault %s', async (fault, status, code) => {
    faults.arm('openai', parseFault(fault), 1);
    await expect(client.responses.create(ASK)).rejects.toMatchObject({ status, code });
    expect(model.requests).toEqual([]);
  });

  it('says when to come back after a rate limit', async () => {
    faults.arm('openai', { kind: 'throttle' }, 1);
    expect((await post(ASK)).headers.get('retry-after')).toBe('1');
  });
});

describe('a request that OpenAI would not take', () => {
  it.each([
    ['an unknown parameter', { ...ASK, max_tokens: 5 }, 'unknown_parameter'],
    ['no model', { input: 'Hello' }, 'missing_required_parameter'],
    ['no input', { model: 'gpt-6-luna' }, 'missing_required_parameter'],
    ['an empty input', { ...ASK, input: [] }, 'invalid_type'],
    ['an unknown role', { ...ASK, input: [{ role: 'bot', content: 'x' }] }, 'invalid_value'],
    [
      'input text from the assistant',
      { ...ASK, input: [{ role: 'assistant', content: [{ type: 'input_text', text: 'x' }] }] },
      'invalid_value',
    ],
    ['too few output tokens', { ...ASK, max_output_tokens: 1 }, 'invalid_value'],
    ['a long safety identifier', { ...ASK, safety_identifier: 'x'.repeat(129) }, 'invalid_value'],
    ['a stream', { ...ASK, stream: true }, 'unsupported_parameter'],
    ['an earlier response', { ...ASK, previous_response_id: 'resp_1' }, 'unsupported_parameter'],
    ['no JSON', '{', 'invalid_json'],
  ])('is refused with %s', async (_, body, code) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', code } });
  });

  it('is refused without a key', async () => {
    expect((await post(ASK, { authorization: '' })).status).toBe(401);
  });
});

describe('asked what is to be remembered, the scripted model', () => {
  const settings = DEFAULT_MEMORY;

  function said(...texts: readonly string[]) {
    return texts.map((text, nth) => ({
      stored: aStoredInbound(aTextMessage(text), 0),
      turn: present(parseTurnId(`1790400000000.${nth}`)),
      prompt: { role: 'customer' as const, text },
    }));
  }

  async function ask(format: object, { instructions, data }: MemoryQuestion): Promise<unknown> {
    const text = { format } as OpenAI.Responses.ResponseTextConfig;
    const input = [{ role: 'user' as const, content: data }];
    const response = await client.responses.create({ ...ASK, instructions, input, text });
    return JSON.parse(response.output_text);
  }

  it('says what stands there, and each time the same', async () => {
    const messages = said('Hi, my name is Mira!', 'I live in Oslo. I like rye', 'Any bread left?');
    const known = [aMemoryItem({ id: 'm1', text: 'I live in Rome' }), aMemoryItem({ id: 'm2' })];
    const question = extractionQuestion(messages, known, settings);
    const answer = await ask(EXTRACTION_FORMAT, question);
    expect(answer).toMatchObject({
      profile: { name: 'Mira', language: null },
      facts: [
        { text: 'I live in Oslo', source: 1, replaces: ['m1'], repeats: null },
        { text: 'I like rye', source: 1, replaces: [], repeats: null },
      ],
    });
    expect(await ask(EXTRACTION_FORMAT, question)).toEqual(answer);
    expect(model.requests).toEqual([]);
    expect(model.memoryRequests).toHaveLength(2);
  });

  it('repeats in a summary what the customer said', async () => {
    const question = summaryQuestion(said('One loaf.', 'Two loaves.'), 'They came.', settings);
    const summary = 'They came. One loaf. Two loaves.';
    expect(await ask(SUMMARY_FORMAT, question)).toEqual({ summary });
  });

  it('refuses a format as OpenAI would, and has faults of its own', async () => {
    const question = summaryQuestion(said('One loaf.'), undefined, settings);
    const loose = { ...SUMMARY_FORMAT, schema: { ...SUMMARY_FORMAT.schema, required: [] } };
    await expect(ask(loose, question)).rejects.toThrow(/'required' must name 'summary'/);
    faults.arm('openai', parseFault('status:500'), 1);
    await expect(ask(SUMMARY_FORMAT, question)).resolves.toBeDefined();
    faults.arm('memory-model', parseFault('status:500'), 1);
    await expect(ask(SUMMARY_FORMAT, question)).rejects.toThrow();
  });
});

describe('the prompt cache', () => {
  async function cachedOf(instructions: string, input: string, key = 'bakery'): Promise<number> {
    const asked = { ...ASK, instructions, input, prompt_cache_key: key };
    const { usage } = await client.responses.create(asked);
    return usage?.input_tokens_details.cached_tokens ?? -1;
  }

  it('has what a prompt begins with, if that is long and was sent before under the same key', async () => {
    const long = 'Be kind to everybody. '.repeat(300);
    expect(await cachedOf(long, 'Hello')).toBe(0);
    const cached = await cachedOf(long, 'Good morning');
    expect(cached).toBeGreaterThan(1_500);
    expect(cached % 128).toBe(0);
    expect(await cachedOf(long, 'Good morning', 'clinic')).toBe(0);
    expect(await cachedOf(`Today: ${long}`, 'Good morning')).toBe(0);
    expect(await cachedOf('Be kind.', 'Hello')).toBe(0);
    expect(await cachedOf('Be kind.', 'Hello')).toBe(0);
  });
});
