import { randomBytes } from 'node:crypto';
import type { PeerRequest, PeerResponse } from '../../../local/peer-server.ts';
import { makeWamid } from '../../../local/whatsapp/wamid.ts';
import { isObject } from '../../../src/domain/json.ts';

const HEADERS = { 'content-type': 'application/json' };

/** The Graph API's two answers to `…/messages`: to a read receipt, and to a message, which goes nowhere. */
export function answerAsGraph({ body }: PeerRequest): PeerResponse {
  const asked: unknown = JSON.parse(body.toString('utf8'));
  if (!isObject(asked) || asked['messaging_product'] !== 'whatsapp') {
    return { status: 400, headers: HEADERS, body: '{"error":{"code":100}}' };
  }
  if (asked['status'] === 'read')
    return { status: 200, headers: HEADERS, body: '{"success":true}' };
  const to = String(asked['to'] ?? asked['recipient']);
  const sent = {
    messaging_product: 'whatsapp',
    contacts: [{ input: to, wa_id: to }],
    messages: [{ id: makeWamid('out', to, randomBytes) }],
  };
  return { status: 200, headers: HEADERS, body: JSON.stringify(sent) };
}
