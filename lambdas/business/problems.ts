import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { output } from 'zod/mini';
import type { problem as problemSchema } from './schemas.ts';

/** Everything that can stand in the way, by its code. Titles are the same for every occurrence. */
export const PROBLEMS = {
  'request-invalid': { status: 400, title: 'The request is not as the API wants it' },
  'number-unknown': { status: 404, title: 'There is no such number among yours' },
  'chat-unknown': { status: 404, title: 'There is no chat with this contact at this number' },
  'tenant-suspended': { status: 409, title: 'The business is suspended' },
  'window-closed': { status: 409, title: 'The 24 hours for free words are over' },
  'request-too-large': { status: 413, title: 'The request is too large' },
  'id-used': { status: 422, title: 'The id was used for another command' },
  'not-taken': { status: 503, title: 'It was not taken: send the same again' },
  failed: { status: 500, title: 'The request failed' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

type Problem = output<typeof problemSchema>;
export type ProblemDetails = Pick<Problem, 'detail' | 'errors' | 'closedAt' | 'templatePossible'>;

function problemType(code: ProblemCode): string {
  return `urn:whatsapp-concierge:problem:${code}`;
}

/** RFC 9457; it repeats no value that was sent. */
export function problem(
  code: ProblemCode,
  details: ProblemDetails = {},
): APIGatewayProxyStructuredResultV2 {
  const { status, title } = PROBLEMS[code];
  const body: Problem = { type: problemType(code), title, status, code, ...details };
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(status === 503 && { 'retry-after': '5' }),
    },
    body: JSON.stringify(body),
  };
}
