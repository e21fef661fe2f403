import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { AlarmAddresses } from '../config/stages.ts';
import { isEmail } from '../config/validate-stage.ts';

/** `page` wakes somebody; `ticket` waits for the working day. */
export type Severity = keyof AlarmAddresses;

/** Where alarms go: one topic per severity, with the operator's addresses on it. */
export class AlarmTopics extends Construct {
  readonly #topics: Readonly<Record<Severity, ITopic>>;

  constructor(scope: Construct, id: string, addresses: AlarmAddresses) {
    super(scope, id);
    this.#topics = {
      page: this.#topic('Page', addresses.page),
      ticket: this.#topic('Ticket', addresses.ticket),
    };
    Validations.of(this).acknowledge({
      id: 'Serverless-SNSRedrivePolicy',
      reason:
        'A notice that came too late helps nobody; the alarm itself stays red until it is over.',
    });
  }

  of(severity: Severity): ITopic {
    return this.#topics[severity];
  }

  #topic(id: string, addresses: readonly string[]): ITopic {
    const topic = new Topic(this, id, { enforceSSL: true });
    // A topic with a policy of its own loses the default one that lets the account's alarms publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    for (const address of addresses) {
      topic.addSubscription(
        isEmail(address) ? new EmailSubscription(address) : new UrlSubscription(address),
      );
    }
    return topic;
  }
}
