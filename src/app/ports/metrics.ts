/** Every metric; none has a tenant as a dimension, since each combination would be billed. */
export type CountMetric =
  | 'MessagesAccepted'
  | 'MessagesDuplicate'
  | 'EventsAccepted'
  | 'ElementsMalformed'
  | 'SignaturesRejected'
  | 'WebhooksNotTaken'
  | 'MessagesUnbound'
  | 'EventsUnbound'
  | 'TurnsAnswered'
  | 'TurnsApologised'
  | 'TurnsUndeliverable'
  | 'TurnsDeferred'
  | 'BurstsAwaited'
  | 'TurnsFenced'
  | 'MessagesFinished'
  | 'MessagesRecorded'
  | 'MessagesParked'
  | 'MessagesTooOld'
  | 'MessagesHandedOver'
  | 'MessagesLimited'
  | 'ContactsLimited'
  | 'ContactsPaced'
  | 'TurnsDelayedByTenantLimit'
  | 'BudgetWarnings'
  | 'BudgetStops'
  | 'ModelCost'
  | 'MessagesErased'
  | 'ContactsOptedOut'
  | 'ContactsOptedIn'
  | 'ModelCalls'
  | 'ModelFailures'
  | 'ModelUnusable'
  | 'ModelInputTokens'
  | 'ModelCachedInputTokens'
  | 'ModelOutputTokens'
  /** In micro-dollars. */
  | 'ModelCost'
  | 'MetaCost'
  /** Levels of a budget that were reached, and turns that a budget had no room for. */
  | 'BudgetWarnings'
  | 'BudgetStops'
  | 'ContactsLimited'
  | 'TurnsDelayedByTenantLimit'
  | 'BubblesSent'
  | 'SendsRefused'
  | 'SendsAmbiguous'
  | 'AmbiguousResends'
  | 'StatusesMerged'
  | 'StatusesUnmatched'
  | 'DeliveriesFailed'
  | 'BubblesRepeated'
  | 'BubblesGivenUp'
  | 'EventsUnhandled'
  | 'RecordsUnreadable'
  | 'MessagesRungAgain'
  | 'UnfinishedMessages'
  | 'ReadinessFailures';

/** 0 = closed, 1 = half-open, 2 = open. */
export type GaugeMetric = 'ModelCircuit' | 'GraphCircuit';

export type DurationMetric = 'AnswerTime' | 'ModelTime' | 'SendTime' | 'OldestUnfinishedAge';

export interface Metrics {
  count(name: CountMetric, by?: number): void;
  /** A duration in milliseconds. */
  duration(name: DurationMetric, ms: number): void;
  /** A state as it is now. */
  gauge(name: GaugeMetric, value: number): void;
}
