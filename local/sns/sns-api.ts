import { randomUUID } from 'node:crypto';
import { type JsonObject, textAt } from '#domain/json.ts';
import type { ApiAnswer, JsonApi } from '#local/aws/json-api.ts';
import { parseObject } from '#local/aws/json-api.ts';
import { SnsError, type SnsModel } from './sns-model.ts';

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** SNS answers in XML; of its operations there is the one that the application calls. */
export function snsApi(sns: SnsModel): JsonApi {
  return {
    handle(operation, body) {
      if (operation !== 'Publish') {
        return snsError(400, 'InvalidAction', `The local SNS has no operation ${operation}`);
      }
      try {
        const { messageId } = sns.publish(publishIn(parseObject(body) ?? {}));
        return {
          status: 200,
          body: `<PublishResponse xmlns="${NAMESPACE}"><PublishResult><MessageId>${messageId}</MessageId></PublishResult><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></PublishResponse>`,
        };
      } catch (error) {
        if (!(error instanceof SnsError)) throw error;
        return snsError(error.code === 'NotFound' ? 404 : 400, error.code, error.message);
      }
    },
  };
}

export function snsError(status: number, code: string, message: string): ApiAnswer {
  const type = status >= 500 ? 'Receiver' : 'Sender';
  return {
    status,
    body: `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>${type}</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
  };
}

function publishIn(form: JsonObject) {
  return {
    topicArn: textAt(form, 'TopicArn') ?? '',
    subject: textAt(form, 'Subject'),
    message: textAt(form, 'Message') ?? '',
    attributes: attributesIn(form),
  };
}

/** `MessageAttributes.entry.1.Name` and `MessageAttributes.entry.1.Value.StringValue`. */
function attributesIn(form: JsonObject): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (let index = 1; ; index += 1) {
    const entry = `MessageAttributes.entry.${index}`;
    const name = textAt(form, `${entry}.Name`);
    if (name === undefined) return attributes;
    attributes[name] = textAt(form, `${entry}.Value.StringValue`) ?? '';
  }
}
