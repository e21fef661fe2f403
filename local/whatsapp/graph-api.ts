import { randomBytes } from 'node:crypto';
import { isObject, type JsonObject } from '#domain/json.ts';
import type { PeerBehaviour, PeerRequest, PeerResponse } from '#local/peer-server.ts';
import { GraphError, graphErrorOfStatus, unknownObject } from './graph-error.ts';
import { readUpload } from './media-upload.ts';
import { describeNumber } from './number-fields.ts';
import type { WhatsAppWorld } from './world.ts';

/** Meta's Graph API over a world: the routes that a WhatsApp business calls. */
export class GraphApi implements PeerBehaviour {
  readonly #world: WhatsAppWorld;

  constructor(world: WhatsAppWorld) {
    this.#world = world;
  }

  peerOf(): 'graph' {
    return 'graph';
  }

  /** Faults wait for a message: spent on the courtesy that comes before it they would show nothing. */
  isExempt({ path, body }: PeerRequest): boolean {
    const call = SEND.test(path) ? readJson(body) : undefined;
    return isObject(call) && call['status'] === 'read';
  }

  async respond(request: PeerRequest): Promise<PeerResponse> {
    try {
      return await this.#route(request);
    } catch (error) {
      if (error instanceof GraphError) return refusal(error);
      throw error;
    }
  }

  refuse(fault: Parameters<PeerBehaviour['refuse']>[0], request: PeerRequest): PeerResponse {
    if (fault.kind === 'status' && fault.status < 300) return json(fault.status, {});
    const error = injectedError(fault);
    const target = SEND.exec(request.path);
    if (target?.[1] && request.method === 'POST') {
      const call = { phoneNumberId: target[1], body: readJson(request.body) };
      this.#world.recordRefusal(call, error);
    }
    return refusal(error);
  }

  async #route(request: PeerRequest): Promise<PeerResponse> {
    const { method, path } = request;
    if (path.startsWith(LOOKASIDE)) return this.#download(request);
    const [, version, id = '', edge, ...rest] = path.split('/');
    if (!/^v\d{1,3}\.\d$/.test(version ?? '') || rest.length > 0) {
      throw new GraphError(2500, { message: `Unknown path components: ${path}` });
    }
    switch (`${method} ${edge ?? ''}`) {
      case 'POST messages':
        return this.#messages(request, id);
      case 'POST media':
        return this.#upload(request, id);
      case 'GET subscribed_apps':
      case 'POST subscribed_apps':
      case 'DELETE subscribed_apps':
        return this.#subscribedApps(request, id);
      case 'GET ':
        return this.#read(request, id);
      case 'DELETE ':
        this.#world.media.delete(id, this.#ownedNumbers(request));
        return json(200, { success: true });
      default:
        throw unknownObject(id, method);
    }
  }

  #messages(request: PeerRequest, phoneNumberId: string): PeerResponse {
    const authorization = request.headers.authorization;
    return json(
      200,
      this.#world.send({ phoneNumberId, authorization, body: readJson(request.body) }),
    );
  }

  async #upload(request: PeerRequest, phoneNumberId: string): Promise<PeerResponse> {
    this.#world.numbers.authorise(phoneNumberId, request.headers.authorization);
    const file = await readUpload(request.headers['content-type'], request.body);
    return json(200, { id: this.#world.media.upload({ phoneNumberId, ...file }).id });
  }

  #read(request: PeerRequest, id: string): PeerResponse {
    const owned = this.#world.numbers.ofToken(request.headers.authorization);
    const business = owned.find((each) => each.phoneNumberId === id);
    if (business) return json(200, describeNumber(business, request.query.get('fields')));
    const medium = this.#world.media.get(id, this.#askedNumbers(request));
    const host = request.headers.host ?? '127.0.0.1';
    return json(200, {
      messaging_product: 'whatsapp',
      url: `http://${host}${LOOKASIDE}?${this.#world.media.addressOf(medium)}`,
      mime_type: medium.mimeType,
      sha256: medium.sha256.toString('hex'),
      file_size: String(medium.bytes.length),
      id: medium.id,
    });
  }

  #download(request: PeerRequest): PeerResponse {
    const medium = this.#world.media.open(request.query, this.#ownedNumbers(request));
    return { status: 200, headers: { 'content-type': medium.mimeType }, body: medium.bytes };
  }

  #subscribedApps({ method, headers }: PeerRequest, accountId: string): PeerResponse {
    const owned = this.#world.numbers.ofToken(headers.authorization);
    if (!owned.some((each) => each.accountId === accountId)) throw unknownObject(accountId, method);
    if (method === 'GET') {
      const app = { whatsapp_business_api_data: { id: '600000000000001', name: 'Concierge' } };
      return json(200, { data: this.#world.isSubscribed(accountId) ? [app] : [] });
    }
    this.#world.subscribe(accountId, method === 'POST');
    return json(200, { success: true });
  }

  /** Numbers whose media this request may see: those of the token, or the one it names. */
  #askedNumbers(request: PeerRequest): readonly string[] {
    const asked = request.query.get('phone_number_id');
    return this.#ownedNumbers(request).filter((id) => asked === null || id === asked);
  }

  #ownedNumbers({ headers }: PeerRequest): readonly string[] {
    return this.#world.numbers
      .ofToken(headers.authorization)
      .map(({ phoneNumberId }) => phoneNumberId);
  }
}

/** Where Meta keeps files; here on the same server. */
const LOOKASIDE = '/whatsapp_business/attachments/';
const SEND = /^\/v\d+\.\d+\/([^/]+)\/messages$/;

function injectedError(fault: Parameters<PeerBehaviour['refuse']>[0]): GraphError {
  switch (fault.kind) {
    case 'graph':
      return new GraphError(fault.code);
    case 'status':
      return graphErrorOfStatus(fault.status);
    case 'throttle':
      return new GraphError(130429);
  }
}

function refusal(error: GraphError): PeerResponse {
  const challenge =
    error.status === 401
      ? { 'www-authenticate': `OAuth "Facebook Platform" "invalid_token" "${error.message}"` }
      : undefined;
  return json(error.status, { error: error.toObject(randomBytes) }, challenge);
}

function json(
  status: number,
  body: object | JsonObject,
  headers?: Readonly<Record<string, string>>,
): PeerResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8', ...headers },
    body: JSON.stringify(body),
  };
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return body.toString();
  }
}
