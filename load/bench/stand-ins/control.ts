import type { PeerRequest, PeerResponse } from '../../../local/peer-server.ts';
import { isObject, type JsonObject, listAt, numberAt, textAt } from '../../../src/domain/json.ts';
import type { Peers } from './peers.ts';
import { lying, ring } from './rings.ts';

/** What whoever measures asks of the stand-ins: start-stand-ins.ts. */
export async function answerControl(
  peers: Peers,
  { path, body }: PeerRequest,
): Promise<PeerResponse> {
  const json: unknown = body.length > 0 ? JSON.parse(body.toString('utf8')) : {};
  const said = await control(peers, path.slice('/stand-ins/'.length), isObject(json) ? json : {});
  return { status: 200, body: typeof said === 'string' ? said : JSON.stringify(said) };
}

function control(
  peers: Peers,
  command: string,
  input: JsonObject,
): object | string | Promise<string> {
  const { cloud, model } = peers;
  switch (command) {
    case 'functions':
      return cloud.functions;
    case 'ring':
      return ring(cloud, listAt(input, 'customers').map(Number));
    case 'lying':
      return lying(cloud, textAt(input, 'queueUrl') ?? '', numberAt(input, 'limit') ?? 1);
    case 'model':
      model.latencyMs = numberAt(input, 'latencyMs') ?? 0;
      return {};
    case 'take-calls': {
      const { calls } = peers;
      peers.calls = {};
      return calls;
    }
    default:
      throw new Error(`The stand-ins know no ${command}`);
  }
}
