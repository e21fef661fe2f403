import type { FetchedMedium, MediaSource, WantedMedium } from '#app/ports/media-source.ts';
import { type SecretSource, SecretUnavailableError } from '#app/ports/secret-source.ts';
import type { Failure } from '#domain/failure.ts';
import { isObject, type JsonObject, numberAt, textAt } from '#domain/json.ts';
import { hasHashes } from './file-hash.ts';
import { BytesGetter, type GetResult } from './get-bytes.ts';
import { isFileAddress } from './media-address.ts';
import {
  classifyDownloadError,
  classifyMediaError,
  FOREIGN_ADDRESS,
  NO_ADDRESS,
} from './media-failure.ts';
import { isTokenRefused } from './send-failure.ts';

export interface WhatsAppMediaSourceOptions {
  readonly secrets: Pick<SecretSource, 'tenant' | 'refreshTenant'>;
  /** For example `v26.0`. */
  readonly apiVersion: string;
  readonly baseUrl?: string | undefined;
}

/** What the Graph API says of a file. */
interface FileFacts {
  readonly url: string;
  readonly sha256: string | undefined;
  readonly bytes: number | undefined;
}

type Asked<Value> = { readonly kind: 'known'; readonly value: Value } | FetchedMedium;

const MOST_ANSWER_BYTES = 64 * 1024;
/** The address lives for five minutes, and a connection may break: everything is tried twice at most. */
const MOST_TRIES = 2;

/** Files of the Cloud API: first their address, by the id, then the bytes, both with the tenant's token. */
export class WhatsAppMediaSource implements MediaSource {
  readonly #options: WhatsAppMediaSourceOptions;
  readonly #getter = new BytesGetter();

  constructor(options: WhatsAppMediaSourceOptions) {
    this.#options = options;
  }

  async fetch(wanted: WantedMedium): Promise<FetchedMedium> {
    const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(wanted.timeoutMs)));
    try {
      let fetched = await this.#fetchOnce(wanted, deadline);
      for (let tries = 1; tries < MOST_TRIES && isWorthAnotherTry(fetched); tries += 1) {
        if (deadline.aborted) break;
        fetched = await this.#fetchOnce(wanted, deadline);
      }
      return fetched;
    } catch (error) {
      if (error instanceof SecretUnavailableError) return failed(secretFailure(error));
      throw error;
    }
  }

  async #fetchOnce(wanted: WantedMedium, deadline: AbortSignal): Promise<FetchedMedium> {
    const asked = await this.#ask(wanted, deadline);
    if (asked.kind !== 'known') return asked;
    const { url, sha256, bytes } = asked.value;
    if (!isFileAddress(url, this.#options.baseUrl)) return failed(FOREIGN_ADDRESS);
    if (bytes !== undefined && bytes > wanted.mostBytes) return { kind: 'too-large' };
    const { accessToken: token } = await this.#options.secrets.tenant(wanted.tenantId);
    const got = await this.#getter.get({ url, token, mostBytes: wanted.mostBytes, deadline });
    if (got.kind === 'too-large') return got;
    if (got.kind === 'lost') return failed(lost(got.code));
    if (got.status !== 200) return failed(classifyDownloadError(got.status));
    return hasHashes(got.bytes, [wanted.sha256, sha256])
      ? { kind: 'fetched', bytes: got.bytes }
      : { kind: 'damaged' };
  }

  /** A refused token is fetched again, since it may have been replaced a moment ago. */
  async #ask(wanted: WantedMedium, deadline: AbortSignal): Promise<Asked<FileFacts>> {
    let got = await this.#askOnce(wanted, deadline);
    if (isRefused(got) && (await this.#options.secrets.refreshTenant(wanted.tenantId))) {
      got = await this.#askOnce(wanted, deadline);
    }
    if (got.kind === 'too-large') return failed(NO_ADDRESS);
    if (got.kind === 'lost') return failed(lost(got.code));
    const body = parse(got.bytes);
    if (got.status !== 200 || !body || body['error']) {
      return failed(classifyMediaError(got.status, body, got.retryAfter));
    }
    const value = readFacts(body);
    return value ? { kind: 'known', value } : failed(NO_ADDRESS);
  }

  async #askOnce(
    { tenantId, phoneNumberId, mediaId }: WantedMedium,
    deadline: AbortSignal,
  ): Promise<GetResult> {
    const { secrets, apiVersion, baseUrl = 'https://graph.facebook.com' } = this.#options;
    const { accessToken: token } = await secrets.tenant(tenantId);
    // With the number Meta looks whether the file is really of that one.
    const query = new URLSearchParams({ phone_number_id: phoneNumberId });
    const url = `${baseUrl}/${apiVersion}/${encodeURIComponent(mediaId)}?${query}`;
    return this.#getter.get({ url, token, mostBytes: MOST_ANSWER_BYTES, deadline });
  }
}

function isRefused(got: GetResult): boolean {
  return got.kind === 'answered' && isTokenRefused(got.status, parse(got.bytes));
}

/** An address that has expired meanwhile, bytes that broke on the way, a connection that did. */
function isWorthAnotherTry(fetched: FetchedMedium): boolean {
  if (fetched.kind === 'damaged') return true;
  if (fetched.kind !== 'failed') return false;
  const { code, class: failureClass } = fetched.failure;
  if (!code.startsWith('graph:media-') || code.endsWith('-429')) return false;
  return failureClass === 'retry' || /-40[134]$/.test(code);
}

function readFacts(body: JsonObject): FileFacts | undefined {
  const url = textAt(body, 'url');
  // Meta writes the size as a number or as its text.
  const size = numberAt(body, 'file_size') ?? Number(textAt(body, 'file_size') ?? Number.NaN);
  return url
    ? { url, sha256: textAt(body, 'sha256'), bytes: Number.isFinite(size) ? size : undefined }
    : undefined;
}

function parse(bytes: Buffer): JsonObject | undefined {
  try {
    const body: unknown = JSON.parse(bytes.toString());
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

function lost(code: string): Failure {
  return { class: 'retry', code: `graph:media-${code}` };
}

function secretFailure({ needs }: SecretUnavailableError): Failure {
  const code = `graph:secret-needs-${needs}`;
  return needs === 'operator'
    ? { class: 'fix-needed', code, remedy: 'token' }
    : { class: 'retry', code };
}

function failed(failure: Failure): FetchedMedium {
  return { kind: 'failed', failure };
}
