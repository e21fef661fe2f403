import { randomBytes } from 'node:crypto';
import { isObject, type JsonObject } from '#domain/json.ts';
import type { PeerBehaviour, PeerRequest, PeerResponse } from '#local/peer-server.ts';
import type { Business } from './business.ts';
import { GraphError, graphErrorOfStatus, unknownObject } from './graph-error.ts';
import { readUpload } from './media-upload.ts';
import { describeNumber } from './number-fields.ts';
import { MANAGEMENT } from './numbers.ts';
import { requireText } from './parameter-checks.ts';
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
      case 'GET phone_numbers':
        return this.#phoneNumbers(request, id);
      case 'POST register':
        return this.#register(request, id);
      case 'GET access_token':
        if (id === 'oauth') return this.#exchangeCode(request);
        throw unknownObject(id, method);
      case 'GET ':
        if (id === 'debug_token') return this.#debugToken(request);
        return this.#world.apps.find(id) || appTokenOf(request)?.includes('|')
          ? this.#describeApp(request, id)
          : this.#read(request, id);
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
    if (business) {
      const isRegistered = this.#world.numbers.isRegistered(id);
      return json(200, describeNumber(business, { isRegistered }, request.query.get('fields')));
    }
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

  #subscribedApps(request: PeerRequest, accountId: string): PeerResponse {
    this.#account(request, accountId);
    const { apps } = this.#world;
    if (request.method === 'GET') {
      const data = apps
        .subscribedTo(accountId)
        .map(({ id, name }) => ({ whatsapp_business_api_data: { id, name } }));
      return json(200, { data });
    }
    const token = bearerOf(request) ?? '';
    const app = apps.find(this.#world.numbers.grantOf(token)?.appId ?? '') ?? apps.shared;
    apps.subscribe(accountId, app, request.method === 'POST');
    return json(200, { success: true });
  }

  #phoneNumbers(request: PeerRequest, accountId: string): PeerResponse {
    const fields = request.query.get('fields');
    const data = this.#account(request, accountId).map((business) => {
      const isRegistered = this.#world.numbers.isRegistered(business.phoneNumberId);
      return describeNumber(business, { isRegistered }, fields);
    });
    return json(200, { data });
  }

  /** The numbers of an account that the token may manage. */
  #account({ method, headers }: PeerRequest, accountId: string): readonly Business[] {
    const owned = this.#world.numbers
      .ofToken(headers.authorization, MANAGEMENT)
      .filter((each) => each.accountId === accountId);
    if (owned.length === 0) throw unknownObject(accountId, method);
    return owned;
  }

  #register({ headers, body }: PeerRequest, phoneNumberId: string): PeerResponse {
    const { numbers } = this.#world;
    numbers.authorise(phoneNumberId, headers.authorization, MANAGEMENT);
    const call = readJson(body);
    if (!isObject(call) || call['messaging_product'] !== 'whatsapp') {
      throw new GraphError(100, { message: '(#100) The parameter messaging_product is required.' });
    }
    if (!/^\d{6}$/.test(requireText(call, 'pin', { path: 'pin', max: 6 }))) {
      throw new GraphError(100, { message: '(#100) Param pin must be 6 characters long.' });
    }
    numbers.register(phoneNumberId);
    return json(200, { success: true });
  }

  #exchangeCode({ query }: PeerRequest): PeerResponse {
    const app = this.#world.apps.ofClient(query.get('client_id'));
    return json(200, app.exchange(query.get('client_secret'), query.get('code')));
  }

  #debugToken(request: PeerRequest): PeerResponse {
    const app = this.#world.apps.ofAppToken(appTokenOf(request));
    return json(200, app.debugToken(request.query.get('input_token')));
  }

  /** An app is told of itself only. */
  #describeApp(request: PeerRequest, id: string): PeerResponse {
    const app = this.#world.apps.ofAppToken(appTokenOf(request));
    if (app.id !== id) throw unknownObject(id, request.method);
    return json(200, app.describe());
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

function bearerOf({ headers }: PeerRequest): string | undefined {
  return /^(?:Bearer|OAuth) (\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

function appTokenOf(request: PeerRequest): string | undefined {
  return request.query.get('access_token') ?? bearerOf(request);
}

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
