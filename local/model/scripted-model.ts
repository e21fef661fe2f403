import { randomBytes } from 'node:crypto';
import type { ModelClock } from '#local/clock.ts';
import { Newest } from '#local/newest.ts';
import type { PeerBehaviour, PeerRequest, PeerResponse } from '#local/peer-server.ts';
import { memoryAnswer } from './memory-answers.ts';
import { defaultAnswer, type ModelAnswer } from './model-answer.ts';
import { errorOfStatus, ModelError, outOfQuota, rateLimited } from './model-error.ts';
import { PromptCache } from './prompt-cache.ts';
import { writeResponse } from './response-body.ts';
import { type ResponseRequest, readResponseRequest } from './response-request.ts';
import {
  readTranscriptionRequest,
  type TranscriptionRequest,
  transcriptionOf,
} from './transcription.ts';

/** Chooses another answer than the default one; undefined leaves the default. */
export type Script = (request: ResponseRequest) => ModelAnswer | undefined;

/** One request that the model took, for tests and for the page. */
export interface RecordedRequest extends ResponseRequest {
  readonly atMs: number;
  readonly environmentId: string | undefined;
  readonly answer: ModelAnswer;
}

export interface ScriptedModelDeps {
  readonly clock: ModelClock;
  /** Hears of each request when it is taken and when it is answered. */
  readonly onEvent?: (event: 'asked' | 'answered', request: RecordedRequest) => void;
}

/** Of each kind; a prompt has some ten thousand letters, and a load test brings as many prompts. */
const MOST_KEPT = 1_000;

/** A language model without a mind: OpenAI's Responses API that answers what a script says, and its ears. */
export class ScriptedModel implements PeerBehaviour {
  /** How long it thinks before it answers. */
  latencyMs = 0;
  /** Answers of a test; asked before the default. */
  script: Script = () => undefined;
  readonly #deps: ScriptedModelDeps;
  readonly #requests = new Newest<RecordedRequest>(MOST_KEPT);
  readonly #memoryRequests = new Newest<ResponseRequest>(MOST_KEPT);
  readonly #next: ModelAnswer[] = [];
  readonly #transcriptions = new Newest<TranscriptionRequest>(MOST_KEPT);
  readonly #cache = new PromptCache();

  constructor(deps: ScriptedModelDeps) {
    this.#deps = deps;
  }

  /** What was asked for the memory's sake, in order: the newest. */
  get memoryRequests(): readonly ResponseRequest[] {
    return this.#memoryRequests.all;
  }

  /** The newest requests for a reply that were well-formed, in order. */
  get requests(): readonly RecordedRequest[] {
    return this.#requests.all;
  }

  /** How many requests for a reply there ever were. */
  get asked(): number {
    return this.#requests.count;
  }

  /** The newest recordings that were well-formed, in order. */
  get transcriptions(): readonly TranscriptionRequest[] {
    return this.#transcriptions.all;
  }

  /** The next requests get these answers, one each, before the script is asked. */
  enqueue(...answers: readonly ModelAnswer[]): void {
    this.#next.push(...answers);
  }

  /** What goes wrong with replies is apart from what goes wrong with the memory, which comes at any time. */
  peerOf({ body }: PeerRequest): 'openai' | 'memory-model' {
    return FOR_MEMORY.test(body.toString()) ? 'memory-model' : 'openai';
  }

  async respond(request: PeerRequest): Promise<PeerResponse> {
    try {
      return await this.#answer(request);
    } catch (error) {
      if (error instanceof ModelError) return refusal(error);
      throw error;
    }
  }

  refuse(fault: Parameters<PeerBehaviour['refuse']>[0]): PeerResponse {
    if (fault.kind === 'throttle') return refusal(rateLimited(1));
    if (fault.kind === 'graph') return refusal(errorOfStatus(500));
    return fault.status < 300 ? json(fault.status, {}) : refusal(errorOfStatus(fault.status));
  }

  async #answer(request: PeerRequest): Promise<PeerResponse> {
    if (!/^Bearer \S+$/.test(request.headers.authorization ?? '')) throw errorOfStatus(401);
    const { method, path } = request;
    if (method === 'POST' && path === '/v1/audio/transcriptions') return this.#transcribe(request);
    if (method !== 'POST' || path !== '/v1/responses') {
      throw new ModelError({
        status: 404,
        message: `Invalid URL (${method} ${path})`,
        type: 'invalid_request_error',
        param: null,
        code: null,
      });
    }
    const asked = readResponseRequest(request.body);
    const remembered = memoryAnswer(asked);
    if (remembered) return this.#remember(asked, remembered);
    const answer = this.#next.shift() ?? this.script(asked) ?? defaultAnswer(asked.input);
    const recorded = {
      ...asked,
      atMs: this.#deps.clock.now(),
      environmentId: request.environmentId,
      answer,
    };
    this.#requests.push(recorded);
    this.#deps.onEvent?.('asked', recorded);
    await this.#think();
    this.#deps.onEvent?.('answered', recorded);
    return this.#say(asked, answer);
  }

  /** Answers, as long as no script says that it fails; it is no reply, so nobody else hears of it. */
  #remember(asked: ResponseRequest, remembered: object): PeerResponse {
    this.#memoryRequests.push(asked);
    const scripted = this.script(asked);
    const fails = scripted !== undefined && scripted.kind !== 'text';
    return this.#say(asked, fails ? scripted : { kind: 'text', text: JSON.stringify(remembered) });
  }

  #say(request: ResponseRequest, answer: ModelAnswer): PeerResponse {
    if (answer.kind === 'error') throw errorOfStatus(answer.status);
    if (answer.kind === 'insufficient-quota') throw outOfQuota();
    const id = randomBytes(24).toString('hex');
    const nowMs = this.#deps.clock.now();
    const cachedTokens = this.#cache.read(request);
    return json(200, writeResponse({ request, answer, id, nowMs, cachedTokens }));
  }

  async #transcribe({ headers, body }: PeerRequest): Promise<PeerResponse> {
    const asked = await readTranscriptionRequest(headers['content-type'], body);
    this.#transcriptions.push(asked);
    await this.#think();
    return json(200, transcriptionOf(asked));
  }

  async #think(): Promise<void> {
    const { clock } = this.#deps;
    if (this.latencyMs <= 0) return;
    await new Promise<void>((resolve) => {
      clock.schedule(clock.now() + this.latencyMs, resolve);
    });
  }
}

/** A text that says so has its quotes escaped. */
const FOR_MEMORY = /"name":"(?:memory|summary)"/;

function refusal(error: ModelError): PeerResponse {
  return json(error.status, { error: error.body }, error.headers);
}

function json(
  status: number,
  body: object,
  headers?: Readonly<Record<string, string>>,
): PeerResponse {
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'x-request-id': `req_${randomBytes(16).toString('hex')}`,
      ...headers,
    },
    body: JSON.stringify(body),
  };
}
