import { SQSClient } from '@aws-sdk/client-sqs';
import { isObject, listAt, textAt } from '#domain/json.ts';
import { type ApiAnswer, type JsonApi, parseObject } from '#local/aws/json-api.ts';
import { sqsApi } from '#local/sqs/json-protocol.ts';
import { queueUrl } from '#local/sqs/queue-url.ts';
import { startAwsApi, TESTER } from './aws-api.ts';
import { ACCOUNT, newModel } from './sqs-door.ts';

/** The SQS model behind its protocol, a client as the functions have it, and messages that it refuses. */
export async function startSqsStage() {
  const { clock, sqs } = newModel();
  const refused: string[] = [];
  const api = refusing(sqsApi(sqs), (body) => refused.some((word) => body.includes(word)));
  const server = await startAwsApi(api, 'application/x-amz-json-1.0');
  const client = new SQSClient({ ...TESTER, endpoint: server.url });
  return {
    clock,
    sqs,
    client,
    urlOf: (name: string) => queueUrl(server.url, ACCOUNT, name),
    /** From now on no message with this word in its body is taken. */
    refuse: (word: string) => refused.push(word),
    loseNextAnswer: server.connections.loseNext.bind(server.connections),
    close: async () => {
      client.destroy();
      sqs.close();
      await server.close();
    },
  };
}

/** Answers for the refused entries of a batch as SQS does, and lets the model have the others. */
function refusing(api: JsonApi, isRefused: (body: string) => boolean): JsonApi {
  return {
    async handle(operation, body, call) {
      const input = parseObject(body);
      if (operation !== 'SendMessageBatch' || !input) return api.handle(operation, body, call);
      const entries = listAt(input, 'Entries').filter(isObject);
      const refused = entries.filter((entry) => isRefused(textAt(entry, 'MessageBody') ?? ''));
      const others = entries.filter((entry) => !refused.includes(entry));
      const none = { status: 200, body: '{"Successful":[]}' };
      const answer =
        others.length === 0 && refused.length > 0
          ? none
          : await api.handle(operation, JSON.stringify({ ...input, Entries: others }), call);
      return withFailures(answer, refused.map(failureOf));
    },
  };
}

function withFailures(answer: ApiAnswer, failures: readonly object[]): ApiAnswer {
  const output = parseObject(answer.body);
  if (answer.status !== 200 || !output || failures.length === 0) return answer;
  const failed = [...listAt(output, 'Failed'), ...failures];
  return { ...answer, body: JSON.stringify({ ...output, Failed: failed }) };
}

function failureOf(entry: Readonly<Record<string, unknown>>): object {
  return { Id: textAt(entry, 'Id'), Code: 'InternalError', SenderFault: false };
}
