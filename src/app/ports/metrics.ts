/** Every metric; none has a tenant as a dimension, since each combination would be billed. */
export type CountMetric =
  | 'MessagesAccepted'
  | 'MessagesDuplicate'
  | 'EventsAccepted'
  | 'ElementsMalformed'
  | 'SignaturesRejected'
  | 'WebhooksNotTaken'
  | 'TurnsAnswered'
  | 'TurnsApologised'
  | 'TurnsUndeliverable'
  | 'TurnsDeferred'
  | 'TurnsFenced'
  | 'MessagesFinished'
  | 'MessagesRecorded'
  | 'MessagesParked'
  | 'ModelCalls'
  | 'ModelFailures'
  | 'ModelUnusable'
  | 'ModelInputTokens'
  | 'ModelCachedInputTokens'
  | 'ModelOutputTokens'
  | 'BubblesSent'
  | 'SendsRefused'
  | 'SendsAmbiguous'
  | 'AmbiguousResends'
  | 'StatusesMerged'
  | 'StatusesUnmatched'
  | 'DeliveriesFailed'
  | 'EventsUnhandled'
  | 'MessagesRungAgain'
  | 'UnfinishedMessages'
  | 'ReadinessFailures';

export type DurationMetric = 'AnswerTime' | 'ModelTime' | 'SendTime' | 'OldestUnfinishedAge';

export interface Metrics {
  count(name: CountMetric, by?: number): void;
  /** A duration in milliseconds. */
  duration(name: DurationMetric, ms: number): void;
}
