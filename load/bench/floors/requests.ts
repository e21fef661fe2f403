import { type ClientRequest, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent, request } from 'node:https';
import { signedHeaders } from './signature.ts';

/** What a floor finds in its environment, as every function of Lambda. */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`Set ${name}`);
  return value;
}

// In the cloud everything is asked over TLS; here over none, as the SDK does with the same endpoints.
const agents = {
  plain: new PlainAgent({ keepAlive: true }),
  tls: new Agent({ keepAlive: true }),
};

/** @throws Error for every answer but success */
export function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    };
    const outgoing: ClientRequest = url.startsWith('https:')
      ? request(url, { ...options, agent: agents.tls })
      : plainRequest(url, { ...options, agent: agents.plain });
    outgoing.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject).on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const { statusCode = 0 } = response;
        if (statusCode >= 200 && statusCode < 300) resolve(text);
        else reject(new Error(`${url} answers ${statusCode}: ${text}`));
      });
    });
    outgoing.end(body);
  });
}

const SERVICES = {
  dynamodb: { prefix: 'DynamoDB_20120810', type: 'application/x-amz-json-1.0' },
  sqs: { prefix: 'AmazonSQS', type: 'application/x-amz-json-1.0' },
  secretsmanager: { prefix: 'secretsmanager', type: 'application/x-amz-json-1.1' },
} as const;

/** An operation of an AWS service by hand: signed, sent, parsed. */
export async function aws(
  service: keyof typeof SERVICES,
  operation: string,
  input: object,
): Promise<Record<string, unknown>> {
  const { prefix, type } = SERVICES[service];
  const region = variable('AWS_REGION');
  const endpoint = process.env['AWS_ENDPOINT_URL'] ?? `https://${service}.${region}.amazonaws.com`;
  const signer = {
    accessKeyId: variable('AWS_ACCESS_KEY_ID'),
    secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
    sessionToken: variable('AWS_SESSION_TOKEN'),
    region,
  };
  const body = JSON.stringify(input);
  const target = `${prefix}.${operation}`;
  const host = endpoint.slice(endpoint.indexOf('//') + 2);
  const headers = signedHeaders(signer, service, { host, target, type, body });
  return JSON.parse(await post(`${endpoint}/`, headers, body));
}

/** What a secret holds; asked once in the life of an environment. */
export function secret(id: string): Promise<Record<string, string & string[]>> {
  const known = secrets.get(id);
  if (known !== undefined) return known;
  const asked = aws('secretsmanager', 'GetSecretValue', { SecretId: id }).then(({ SecretString }) =>
    JSON.parse(String(SecretString)),
  );
  secrets.set(id, asked);
  return asked;
}

const secrets = new Map<string, Promise<Record<string, string & string[]>>>();

/** One line of the embedded metric format. */
export function count(name: string, value: number): void {
  const metric = {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        { Namespace: 'floor', Dimensions: [['service']], Metrics: [{ Name: name, Unit: 'Count' }] },
      ],
    },
    service: 'floor',
    [name]: value,
  };
  process.stdout.write(`${JSON.stringify(metric)}\n`);
}

export function log(message: string, fields: object): void {
  const line = { level: 'INFO', message, timestamp: new Date().toISOString(), ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
