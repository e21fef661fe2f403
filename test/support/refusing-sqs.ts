import { SqsModel } from '#local/sqs/sqs-model.ts';
import { queueAttributes } from '#test/simulation/settings.ts';
import type { SimulationStage } from './simulation-stage.ts';

/** An SQS that does not take every message. */
class RefusingSqs extends SqsModel {
  readonly #words: string[] = [];

  /** From now on no message with this word in its body is taken. */
  refuse(word: string): void {
    this.#words.push(word);
  }

  override sendMessageBatch(
    ...[name, entries]: Parameters<SqsModel['sendMessageBatch']>
  ): ReturnType<SqsModel['sendMessageBatch']> {
    const refused = entries.filter(({ body }) => this.#words.some((word) => body.includes(word)));
    const others = entries.filter((entry) => !refused.includes(entry));
    const { successful, failed } =
      others.length > 0 || refused.length === 0
        ? super.sendMessageBatch(name, others)
        : { successful: [], failed: [] };
    const failures = refused.map(({ id }) => {
      return { id, code: 'InternalError', message: 'Not now.', senderFault: true } as const;
    });
    return { successful, failed: [...failed, ...failures] };
  }
}

/** The queues of the simulation. */
export function startQueues({ clock }: SimulationStage): RefusingSqs {
  const sqs = new RefusingSqs({ clock, region: 'eu-central-1', accountId: '111122223333' });
  for (const [name, attributes] of queueAttributes((each) => sqs.arnOf(each))) {
    sqs.createQueue(name, attributes);
  }
  return sqs;
}
