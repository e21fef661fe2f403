import { Duration } from 'aws-cdk-lib';
import { type IMetric, type Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { AlarmTopics } from '../alarms/alarm-topics.ts';
import { type AlarmText, HouseAlarm } from '../alarms/house-alarm.ts';
import { gapBetween, percentOf } from '../alarms/rates.ts';
import type { OwnMetric } from '../constructs/node-lambda.ts';

export interface ProcessorAlarmsProps {
  readonly topics: AlarmTopics;
  readonly metric: OwnMetric;
  /** Of ingest, which alone says what was accepted. */
  readonly messagesAccepted: OwnMetric;
  readonly concurrentExecutions: Metric;
  readonly reservedConcurrency: number;
}

const FIVE_MINUTES = Duration.minutes(5);
const IN_FIVE_MINUTES = { period: FIVE_MINUTES, statistic: Stats.SUM };
/** A circuit's state: above it the circuit is open (src/app/ports/metrics.ts). */
const HALF_OPEN = 1;

/**
 * What the processor itself says of its work. Almost all of it is counted only when it happens, so silence is
 * good news.
 */
export class ProcessorAlarms {
  /** Goes off when chats fail for a bug: the function itself ends well, and gives their rings back. */
  readonly chatsFailing: HouseAlarm;
  readonly #scope: Construct;
  readonly #props: ProcessorAlarmsProps;

  constructor(scope: Construct, props: ProcessorAlarmsProps) {
    this.#scope = scope;
    this.#props = props;
    this.#firstOf('MessagesParked', {
      name: 'messages-parked',
      impact: 'Customers wait for an answer that they get only after the operator has acted.',
      through: 'tenant-cut-off',
    });
    this.chatsFailing = this.#watchBugs();
    this.#watchAnswers();
    this.#watchModel();
    this.#watchWhatsApp();
    this.#watchConcurrency();
    this.#watchBudgets();
  }

  #watchBugs(): HouseAlarm {
    return new HouseAlarm(this.#scope, 'ChatsFailing', {
      name: 'chats-failing',
      impact: 'Our own code fails chat after chat: their messages are being parked.',
      through: 'customers-unanswered',
      metric: this.#props.metric('ChatsFailed', {
        period: Duration.minutes(1),
        statistic: Stats.SUM,
      }),
      // A message that breaks us counts twice, and does so alone.
      above: 2,
      // Quick enough to take back a release while it is a canary.
      periods: { bad: 2, of: 3 },
      missingData: TreatMissingData.NOT_BREACHING,
    });
  }

  #watchAnswers(): void {
    const { topics } = this.#props;
    this.#watchReconciliation();
    this.#firstOf('RepliesWithheld', {
      topics,
      name: 'replies-withheld',
      impact: 'An answer told what nobody may be told: its customer got the fallback text instead.',
      severity: 'medium',
    });
    this.#firstOf('TranscriptionUnusable', {
      topics,
      name: 'transcription-unusable',
      impact: 'Voice notes are not heard: customers are asked to write.',
      severity: 'medium',
    });
  }

  /**
   * The sweeper sees what is unfinished in the table; this sees what has vanished from it, by counting at the
   * two ends. Three gaps in a row can come of nothing but messages that are lost, or that pile up: what is
   * being worked on is in one period's gap and taken off the next one's.
   */
  #watchReconciliation(): void {
    const { messagesAccepted } = this.#props;
    new HouseAlarm(this.#scope, 'ReconciliationGap', {
      name: 'reconciliation-gap',
      impact: 'More messages are accepted than answered, handed over or parked: some get nothing.',
      through: 'customers-unanswered',
      metric: gapBetween(
        {
          // What comes back from a person, or from among the parked, goes out a second time.
          into: [
            messagesAccepted('MessagesAccepted', IN_FIVE_MINUTES),
            this.#sum('MessagesReopened'),
            // A message that a bug of ours parked has not been dealt with: many of them are an outage.
            this.#sum('MessagesBroken'),
          ],
          out: [
            this.#sum('MessagesFinished'),
            this.#sum('MessagesRecorded'),
            this.#sum('MessagesErased'),
            this.#sum('MessagesParked'),
          ],
        },
        { tolerated: 0.1, period: FIVE_MINUTES, label: 'accepted and not dealt with' },
      ),
      // Beside a tenth of all: the turns that a process counted and died before it could tell.
      above: 5,
      periods: { bad: 3, of: 4 },
      missingData: TreatMissingData.NOT_BREACHING,
    });
  }

  #watchModel(): void {
    this.#rate('ModelErrorRate', {
      name: 'model-error-rate',
      impact:
        'The model fails more than one call in five: customers wait, or get the fallback text.',
      through: 'model-down',
      runbook: 'model-down',
      metric: percentOf(
        { bad: [this.#sum('ModelFailures')], good: [this.#sum('ModelAnswers')] },
        { atLeast: 5, period: FIVE_MINUTES, label: '% of calls that failed' },
      ),
    });
    this.#firstOf('ModelQuotaExhausted', {
      name: 'model-quota-exhausted',
      impact:
        'OpenAI answers nothing until it is paid, or a limit is raised: all get the fallback.',
      through: 'model-down',
    });
    this.#firstOf('ModelUnusable', {
      name: 'model-unusable',
      impact: 'Customers get the fallback text instead of an answer until the operator acts.',
      through: 'model-unsteady',
    });
    this.#circuit('ModelCircuit', {
      name: 'model-circuit-open',
      impact: 'A model failed so often that it is no longer asked: its customers wait.',
      through: 'model-unsteady',
    });
  }

  #watchWhatsApp(): void {
    this.#rate('SendsRefused', {
      name: 'sends-refused',
      impact: 'WhatsApp takes fewer than four answers in five: customers wait for theirs.',
      through: 'whatsapp-down',
      runbook: 'whatsapp-down',
      metric: percentOf(
        {
          // When the Graph API is down its answers get lost: nobody knows then what was taken.
          bad: [
            this.#sum('SendsToRetry'),
            this.#sum('SendsNeedingFix'),
            this.#sum('SendsAmbiguous'),
          ],
          // Given up here is the customer's own: WhatsApp works, and says no to this one message.
          good: [this.#sum('BubblesSent'), this.#sum('SendsGivenUp')],
        },
        { atLeast: 5, period: FIVE_MINUTES, label: '% of sends not taken' },
      ),
    });
    this.#circuit('GraphCircuit', {
      name: 'graph-circuit-open',
      impact: 'WhatsApp refused a tenant so often that its customers are left waiting.',
      through: 'tenant-cut-off',
    });
    this.#firstOf('TokensRefused', {
      name: 'token-revoked',
      impact:
        'WhatsApp refuses the token of a tenant: its customers hear nothing until it has a new one.',
      through: 'tenant-cut-off',
    });
  }

  #watchConcurrency(): void {
    const { concurrentExecutions, reservedConcurrency } = this.#props;
    new HouseAlarm(this.#scope, 'Concurrency', {
      name: 'processor-concurrency',
      impact: 'Nearly all that may work at once does: whoever writes now waits for a place.',
      through: 'answers-at-risk',
      metric: concurrentExecutions,
      above: Math.floor(0.8 * reservedConcurrency),
      // A busy quarter of an hour and not a burst, which the queue is there for.
      periods: { bad: 10, of: 15 },
      missingData: TreatMissingData.NOT_BREACHING,
    });
  }

  #watchBudgets(): void {
    const { topics } = this.#props;
    const runbook = 'budget-reached';
    this.#firstOf('PlatformBudgetStops', {
      topics,
      name: 'platform-budget-reached',
      impact: 'The platform’s budget is spent: customers of every tenant get the limit text.',
      severity: 'critical',
      runbook,
    });
    this.#firstOf('TenantBudgetStops', {
      topics,
      name: 'tenant-budget-reached',
      impact: 'A tenant’s budget is spent: its customers get the limit text.',
      severity: 'medium',
      runbook,
    });
    this.#firstOf('BudgetWarnings', {
      topics,
      name: 'budget-warning',
      impact: 'A budget is nearly spent: when it is, its customers are no longer answered.',
      severity: 'medium',
      runbook,
    });
  }

  /** Goes off at the first that is counted. */
  #firstOf(metricName: string, text: AlarmText): HouseAlarm {
    return new HouseAlarm(this.#scope, metricName, {
      ...text,
      metric: this.#sum(metricName),
      above: 0,
      missingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /** More than one in five, in ten minutes: one chat that fails again and again is over by then. */
  #rate(id: string, props: AlarmText & { readonly metric: IMetric }): void {
    new HouseAlarm(this.#scope, id, {
      ...props,
      above: 20,
      periods: { bad: 2, of: 3 },
      missingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /** Open for longer than a moment of the peer's: it says so only when somebody would have been served. */
  #circuit(metricName: string, text: AlarmText): void {
    const metric = this.#props.metric(metricName, {
      period: FIVE_MINUTES,
      statistic: Stats.MAXIMUM,
    });
    new HouseAlarm(this.#scope, metricName, {
      ...text,
      metric,
      above: HALF_OPEN,
      periods: { bad: 2, of: 3 },
      missingData: TreatMissingData.NOT_BREACHING,
    });
  }

  #sum(metricName: string): Metric {
    return this.#props.metric(metricName, IN_FIVE_MINUTES);
  }
}
