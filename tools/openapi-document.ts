import * as z from 'zod/mini';
import { businessRoutes } from '#lambdas/business/config.ts';
import { PROBLEMS, type ProblemCode } from '#lambdas/business/problems.ts';
import * as schemas from '#lambdas/business/schemas.ts';
import {
  OPERATIONS,
  type Operation,
  REQUESTS,
  RESPONSES,
  type RouteKey,
} from './openapi-operations.ts';

type Json = Readonly<Record<string, unknown>>;

/** The business API, and what the business's own server is sent, in OpenAPI 3.1. */
export function openApiDocument(): Json {
  const requests = jsonSchemas(REQUESTS, 'input');
  const responses = jsonSchemas(RESPONSES, 'output');
  return {
    openapi: '3.1.1',
    info: {
      title: 'WhatsApp Concierge: business API',
      version: '1.0.0',
      summary: 'A person of the business takes a chat, writes, and gives it back',
      description: 'How to sign, who may call, and examples that were run: docs/hand-over.md.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      {
        url: 'https://{host}',
        description: 'The output BusinessApiUrl of the stack',
        variables: { host: { default: 'api-id.execute-api.eu-central-1.amazonaws.com' } },
      },
    ],
    security: [{ sigv4: [] }],
    paths: pathsOf(),
    webhooks: { notice: NOTICE },
    components: {
      schemas: { ...requests, ...responses },
      securitySchemes: {
        sigv4: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          description: 'AWS Signature Version 4 for the service execute-api',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
      },
    },
  };
}

function pathsOf(): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path } of businessRoutes) {
    const key: RouteKey = `${method} ${path}`;
    const operation = OPERATIONS[key];
    if (!operation) throw new RangeError(`Describe ${key} in tools/openapi-document.ts`);
    paths[path] = { ...paths[path], [method.toLowerCase()]: describe(operation, path) };
  }
  return paths;
}

function describe(operation: Operation, path: string): Json {
  const { id, summary, description, query, body, answer, problems } = operation;
  return {
    operationId: id,
    summary,
    ...(description && { description }),
    parameters: [
      ...(path.includes('{contact}') ? [CONTACT] : []),
      ...(body ? [KEY] : []),
      ...queryParameters(query),
    ],
    ...(body && {
      requestBody: { required: body === 'MessageRequest', content: jsonContent(body) },
    }),
    responses: {
      [answer.status]: {
        description: answer.status === 202 ? 'Taken' : 'OK',
        content: jsonContent(answer.schema),
      },
      403: { description: 'Not signed, or not allowed: an answer of API Gateway' },
      ...problemResponses(problems),
    },
  };
}

const CONTACT: Json = {
  name: 'contact',
  in: 'path',
  required: true,
  description: 'Any id of the contact: a user id, or a phone number with its country code',
  schema: { type: 'string', examples: ['34600111222', 'ES.90210456612300774512'] },
};

const KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'In place of `id` in the body. One of the two is needed to send a message.',
  schema: bare(z.toJSONSchema(schemas.commandId)),
};

function queryParameters(query: z.ZodMiniObject): readonly Json[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'output' });
  const { required = [] } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

/** Several codes may share a status. */
function problemResponses(codes: readonly ProblemCode[]): Json {
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))].sort();
  return Object.fromEntries(
    statuses.map((status) => {
      const these = codes.filter((code) => PROBLEMS[code].status === status);
      const description = these.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('. ');
      const content = { 'application/problem+json': { schema: referenceTo('Problem') } };
      return [status, { description, content }];
    }),
  );
}

const NOTICE: Json = {
  post: {
    operationId: 'notice',
    summary: 'What happens in a chat, told to the server of the business',
    description:
      'Signed by Standard Webhooks 1.0, with the headers webhook-id, webhook-timestamp and webhook-signature. Sent at least once, in no order: the same webhook-id is the same event.',
    security: [],
    requestBody: { required: true, content: jsonContent('NoticeEvent') },
    responses: {
      '2XX': { description: 'It has arrived' },
      410: { description: 'Send no more' },
      default: { description: 'It is sent again, for about forty hours' },
    },
  },
};

function jsonContent(schema: keyof typeof REQUESTS | keyof typeof RESPONSES): Json {
  return { 'application/json': { schema: referenceTo(schema) } };
}

function referenceTo(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

function jsonSchemas(named: Readonly<Record<string, z.ZodMiniType>>, io: 'input' | 'output'): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas: made } = z.toJSONSchema(registry, {
    io,
    uri: (id) => `#/components/schemas/${id}`,
  });
  return Object.fromEntries(Object.entries(made).map(([name, schema]) => [name, bare(schema)]));
}

/** Without what is said once for the whole document. */
function bare({ $schema: _, $id: __, ...schema }: Json): Json {
  return schema;
}
