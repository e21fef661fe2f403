import { classifyMediaError } from '#adapters/whatsapp/media-failure.ts';
import { isTokenRefused } from '#adapters/whatsapp/send-failure.ts';
import type { FetchedMedium, MediaSource, WantedMedium } from '#app/ports/media-source.ts';
import { type SecretSource, SecretUnavailableError } from '#app/ports/secret-source.ts';
import { aPng, aVoiceNote } from '#test/support/files.ts';
import type { Environment } from '../cloud/environment.ts';
import type { PortCalls } from '../cloud/port-calls.ts';
import { BUSINESSES } from '../people.ts';
import { pickAt } from '../pick-at.ts';
import type { CallFault } from '../plan/fault.ts';
import { CERTAIN_RETRIES, type GraphAnswer, PERHAPS_SENT, TOKEN_REFUSED } from './graph-answers.ts';
import type { SimulatedGraph } from './simulated-graph.ts';

export interface SimulatedFilesOptions {
  readonly graph: SimulatedGraph;
  readonly secrets: Pick<SecretSource, 'tenant' | 'refreshTenant'>;
  readonly environment: Environment;
  readonly calls: PortCalls;
}

type Got = { readonly kind: 'bytes'; readonly bytes: Uint8Array } | GraphAnswer | 'lost';

/** What a customer's voice note says, by the id of its file. */
export const VOICE = /^voice-(\d+)$/;

/** Files of the Cloud API, with the real classification of what is answered instead. */
export class SimulatedFiles implements MediaSource {
  readonly #options: SimulatedFilesOptions;

  constructor(options: SimulatedFilesOptions) {
    this.#options = options;
  }

  async fetch(wanted: WantedMedium): Promise<FetchedMedium> {
    try {
      const first = await this.#get(wanted);
      const isRefused =
        first !== 'lost' && 'status' in first && isTokenRefused(first.status, first.body);
      const isRefreshed = isRefused && (await this.#options.secrets.refreshTenant(wanted.tenantId));
      return read(isRefreshed ? await this.#get(wanted) : first);
    } catch (error) {
      if (!(error instanceof SecretUnavailableError)) throw error;
      return failed(
        error.needs === 'operator'
          ? { class: 'fix-needed', code: 'graph:secret-needs-operator', remedy: 'token' }
          : { class: 'retry', code: 'graph:secret-needs-time' },
      );
    }
  }

  async #get(wanted: WantedMedium): Promise<Got> {
    const { graph, secrets, environment, calls } = this.#options;
    const { accessToken } = await secrets.tenant(wanted.tenantId);
    return calls.perform<Got>(environment, {
      name: 'graph.media',
      args: [wanted],
      effect: () => {
        const business = BUSINESSES.find((each) => each.phoneNumberId === wanted.phoneNumberId);
        const isKnown = business && graph.tokens[business.index] === accessToken;
        return isKnown ? { kind: 'bytes', bytes: fileOf(wanted.mediaId) } : TOKEN_REFUSED;
      },
      failed: failure,
      latencyMs: [80, 900],
      timeoutMs: wanted.timeoutMs,
    });
  }
}

/** A voice note spells its own id; `2` is a text, any other one a picture. */
function fileOf(mediaId: string): Uint8Array {
  if (VOICE.test(mediaId)) return aVoiceNote(3, mediaId);
  return mediaId === '2' ? Buffer.from('opening hours') : aPng(mediaId);
}

function failure(fault: CallFault, chance: number): Got {
  if (fault === 'throttle') return pickAt(CERTAIN_RETRIES, chance);
  return fault.startsWith('timeout') || chance < 0.3 ? 'lost' : pickAt(PERHAPS_SENT, chance);
}

function read(got: Got): FetchedMedium {
  if (got === 'lost') return failed({ class: 'retry', code: 'graph:media-timeout' });
  if ('bytes' in got) return { kind: 'fetched', bytes: got.bytes };
  return failed(classifyMediaError(got.status, got.body, got.retryAfter));
}

function failed(failure: Extract<FetchedMedium, { kind: 'failed' }>['failure']): FetchedMedium {
  return { kind: 'failed', failure };
}
