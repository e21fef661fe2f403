import { createHash } from 'node:crypto';
import { contentTypeOf } from '#domain/media/content-type.ts';
import { soundSecondsAtMost } from '#domain/media/sound-length.ts';
import { invalidRequest, ModelError } from './model-error.ts';

/** A request to `POST /v1/audio/transcriptions` that OpenAI would take. */
export interface TranscriptionRequest {
  readonly model: string;
  readonly fileName: string;
  readonly bytes: Buffer;
}

/** Parameters, by the types of openai 7.57.0, `TranscriptionCreateParamsBase`. */
const PARAMETERS = [
  'file',
  'model',
  'chunking_strategy',
  'include[]',
  'keywords[]',
  'language',
  'languages[]',
  'prompt',
  'response_format',
  'stream',
  'temperature',
];

const MODELS = [
  'gpt-transcribe',
  'gpt-4o-transcribe',
  'gpt-4o-mini-transcribe',
  'gpt-4o-mini-transcribe-2025-12-15',
  'whisper-1',
];

/** Endings by which the format is told, and what the bytes then have to be. */
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  flac: ['audio/flac'],
  mp3: ['audio/mpeg'],
  mpga: ['audio/mpeg'],
  mpeg: ['audio/mpeg'],
  mp4: ['audio/mp4', 'video/mp4', 'video/3gpp'],
  m4a: ['audio/mp4', 'video/mp4'],
  ogg: ['audio/ogg'],
  wav: ['audio/wav'],
  webm: ['video/webm'],
};

const MOST_BYTES = 25 * 1024 * 1024;

/** @throws ModelError as OpenAI would refuse the form */
export async function readTranscriptionRequest(
  contentType: string | undefined,
  body: Buffer,
): Promise<TranscriptionRequest> {
  const form = await parseForm(contentType, body);
  const odd = [...form.keys()].find((name) => !PARAMETERS.includes(name));
  if (odd !== undefined) throw unknownParameter(odd);
  const model = form.get('model');
  if (typeof model !== 'string' || model === '') throw missing('model');
  if (!MODELS.includes(model)) throw noSuchModel(model);
  const format = form.get('response_format') ?? 'json';
  if (format !== 'json')
    throw invalid('response_format', `'${String(format)}' is not supported here`);
  const file = form.get('file');
  if (!(file instanceof File)) throw missing('file');
  const bytes = Buffer.from(await file.arrayBuffer());
  checkFile(file.name, bytes);
  return { model, fileName: file.name, bytes };
}

function checkFile(name: string, bytes: Buffer): void {
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const types = Object.hasOwn(FORMATS, ending) ? FORMATS[ending] : undefined;
  if (!types) throw invalid('file', `Unsupported file format ${ending || name}`);
  if (bytes.length > MOST_BYTES) {
    const message = `Maximum content size limit (${MOST_BYTES}) exceeded (${bytes.length} bytes read)`;
    throw new ModelError({ status: 413, message, type: 'server_error', param: null, code: null });
  }
  if (!types.includes(contentTypeOf(bytes))) {
    throw invalid('file', 'Audio file might be corrupted or unsupported');
  }
}

/** What is said: the words that the recording spells, or else what can be told of any bytes. */
export function transcriptionOf({ bytes }: TranscriptionRequest): object {
  const words = /said:([ -~]{1,2000})/.exec(bytes.toString('latin1'))?.[1]?.trim();
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  return {
    text: words ?? `A recording of ${bytes.length} bytes, ${digest}.`,
    usage: { type: 'duration', seconds: soundSecondsAtMost(bytes, contentTypeOf(bytes)) },
  };
}

async function parseForm(contentType: string | undefined, body: Buffer): Promise<FormData> {
  if (contentType?.startsWith('multipart/form-data')) {
    const headers = { 'content-type': contentType };
    const form = await new Response(new Uint8Array(body), { headers })
      .formData()
      .catch(() => undefined);
    if (form) return form;
  }
  throw invalid('body', 'Could not parse multipart form');
}

function missing(name: string): ModelError {
  return invalidRequest({
    message: `Missing required parameter: '${name}'.`,
    param: name,
    code: 'missing_required_parameter',
  });
}

function unknownParameter(name: string): ModelError {
  return invalidRequest({
    message: `Unknown parameter: '${name}'.`,
    param: name,
    code: 'unknown_parameter',
  });
}

function invalid(param: string, message: string): ModelError {
  return invalidRequest({ message, param, code: 'invalid_value' });
}

function noSuchModel(model: string): ModelError {
  return new ModelError({
    status: 404,
    message: `The model '${model}' does not exist or you do not have access to it.`,
    type: 'invalid_request_error',
    param: null,
    code: 'model_not_found',
  });
}
