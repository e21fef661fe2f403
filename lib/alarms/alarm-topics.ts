import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { type AlarmAddresses, type Severity, severities } from '../config/stages.ts';
import { isEmail } from '../config/validate-stage.ts';

/** Where alarms go: one topic per severity, with the operator's addresses on it. */
export class AlarmTopics extends Construct {
  /** Apart from the key over the tables: when that one is the trouble, the alarm still gets through. */
  readonly #key: Key;
  readonly #topics: Readonly<Record<Severity, ITopic>>;

  constructor(scope: Construct, id: string, addresses: AlarmAddresses) {
    super(scope, id);
    this.#key = new Key(this, 'Key', {
      description: `${Stack.of(this).stackName}: what alarms say`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // CloudWatch publishes as itself, so the key's own policy has to name it:
    // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    this.#key.addToResourcePolicy(
      this.#ofThisAccount(['kms:Decrypt', 'kms:GenerateDataKey*'], '*'),
    );
    this.#topics = {
      critical: this.#topic('Critical', addresses.critical),
      high: this.#topic('High', addresses.high),
      medium: this.#topic('Medium', addresses.medium),
      low: this.#topic('Low', addresses.low),
    };
    Validations.of(this).acknowledge({
      id: 'Serverless-SNSRedrivePolicy',
      reason:
        'A notice that came too late helps nobody; the alarm itself stays red until it is over.',
    });
  }

  get all(): readonly ITopic[] {
    return severities.map((severity) => this.#topics[severity]);
  }

  of(severity: Severity): ITopic {
    return this.#topics[severity];
  }

  #topic(id: string, addresses: readonly string[]): ITopic {
    const topic = new Topic(this, id, { enforceSSL: true, masterKey: this.#key });
    // A topic with a policy of its own loses the default one that lets the account's alarms publish.
    topic.addToResourcePolicy(this.#ofThisAccount(['sns:Publish'], topic.topicArn));
    for (const address of addresses) {
      topic.addSubscription(
        isEmail(address) ? new EmailSubscription(address) : new UrlSubscription(address),
      );
    }
    return topic;
  }

  #ofThisAccount(actions: string[], resource: string): PolicyStatement {
    return new PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions,
      resources: [resource],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    });
  }
}
