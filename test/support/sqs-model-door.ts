import { SqsError } from '#local/sqs/sqs-error.ts';
import { systemAttributes } from '#local/sqs/system-attributes.ts';
import type { Refused, SqsDoor, TimedModel } from './sqs-door.ts';

/** The model as the simulator uses it: called, without a protocol. */
export function modelDoor({ clock, sqs }: TimedModel): SqsDoor {
  async function attempt<Result>(act: () => Result): Promise<Result | Refused> {
    try {
      return act();
    } catch (error) {
      if (error instanceof SqsError) return { refused: error.queryCode };
      throw error;
    }
  }
  return {
    clock,
    createQueue: (name, attributes) => attempt(() => sqs.createQueue(name, attributes)),
    send: (name, message) => attempt(() => sqs.sendMessage(name, message)),
    sendBatch: (name, entries) =>
      attempt(() => {
        const { successful, failed } = sqs.sendMessageBatch(name, entries);
        return {
          sent: successful.map(({ id }) => id),
          failed: failed.map(({ id, code }) => ({ id, code })),
        };
      }),
    receive: async (name, options) =>
      (await sqs.receive(name, options)).map((message) => ({
        messageId: message.messageId,
        receiptHandle: message.receiptHandle,
        body: message.body,
        system: systemAttributes(message),
        attributes: Object.fromEntries(
          Object.entries(message.attributes).map(([key, value]) => [
            key,
            {
              DataType: value.dataType,
              ...(value.stringValue !== undefined && { StringValue: value.stringValue }),
              ...(value.binaryValue !== undefined && {
                BinaryValue: new Uint8Array(Buffer.from(value.binaryValue, 'base64')),
              }),
            },
          ]),
        ),
      })),
    delete: (name, handle) => attempt(() => sqs.deleteMessage(name, handle)),
    changeVisibility: (name, handle, seconds) =>
      attempt(() => sqs.changeMessageVisibility(name, handle, seconds)),
    attributes: async (name) => sqs.attributesOf(name),
    purge: (name) => attempt(() => sqs.purgeQueue(name)),
    startMove: (sourceArn, destinationArn, maxMessagesPerSecond) =>
      attempt(() => {
        sqs.startMessageMoveTask({ sourceArn, destinationArn, maxMessagesPerSecond });
      }),
    moveStatus: async (sourceArn) => sqs.listMessageMoveTasks(sourceArn)[0],
    close: async () => sqs.close(),
  };
}
