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
  /** Among the finished: those that got a reply, and no set text in place of one. */
  | 'MessagesAnswered'
  /** In which a turn was begun, each once a day of its customers' messages. */
  | 'ChatsActive'
  | 'MessagesRecorded'
  | 'MessagesParked'
  /** For a bug; each try counts. */
  | 'ChatsFailed'
  /** Among the parked: those that a bug of ours keeps from being answered. */
  | 'MessagesBroken'
  /** That had been parked or left to a person, and wait again. */
  | 'MessagesReopened'
  | 'MessagesTooOld'
  | 'MessagesHandedOver'
  | 'MessagesLimited'
  /** Left to a person, since tables were restored: words of customers, and of people of the business. */
  | 'MessagesMaybeAnswered'
  /** Told that a limit or a budget is reached. */
  | 'ContactsLimited'
  | 'ContactsPaced'
  | 'TurnsDelayedByTenantLimit'
  | 'MessagesErased'
  /** A person is asked for. */
  | 'HandOversRequested'
  | 'ChatsTaken'
  | 'ChatsReleased'
  | 'CommandsFinished'
  | 'EchoesTaken'
  /** What people of the business said. */
  | 'PersonTurns'
  | 'PersonTurnsUndeliverable'
  /** To businesses, into the jobs queue. */
  | 'NoticesSent'
  | 'ContactsOptedOut'
  | 'ContactsOptedIn'
  /** Files that customers sent: kept, and those whose content the assistant does not know. */
  | 'MediaKept'
  | 'MediaUnread'
  | 'MediaFetchFailures'
  | 'Transcriptions'
  | 'TranscriptionFailures'
  | 'TranscriptionUnusable'
  | 'TranscriptionsTooDear'
  /** In micro-dollars. */
  | 'TranscriptionCost'
  | 'ModelCalls'
  | 'ModelFailures'
  | 'ModelAnswers'
  | 'ModelUnusable'
  /** Among the unusable: money or a limit of the account is what is missing. */
  | 'ModelQuotaExhausted'
  /** Answers that told what must not be told, and were not sent. */
  | 'RepliesWithheld'
  /** Messages or answers that moderation stopped. */
  | 'ModerationStops'
  /** What it flagged where it is only counted. */
  | 'ModerationFlags'
  | 'ModelInputTokens'
  | 'ModelCachedInputTokens'
  | 'ModelOutputTokens'
  /** In micro-dollars. */
  | 'ModelCost'
  | 'MetaCost'
  /** Levels of a budget that were reached. */
  | 'BudgetWarnings'
  /** Calls that a budget had no room for, by whose it is. */
  | 'ContactBudgetStops'
  | 'TenantBudgetStops'
  | 'PlatformBudgetStops'
  /** Calls that a cheaper model took for want of room. */
  | 'FallbackModelCalls'
  | 'BubblesSent'
  | 'SendsRefused'
  /** Of the refused, by what is done about it. */
  | 'SendsToRetry'
  | 'SendsGivenUp'
  | 'SendsNeedingFix'
  /** Calls for which WhatsApp did not accept a tenant's token. */
  | 'TokensRefused'
  | 'SendsAmbiguous'
  | 'AmbiguousResends'
  | 'StatusesMerged'
  | 'StatusesUnmatched'
  /** Of which Meta told, each once, that they arrived, or were read. */
  | 'BubblesDelivered'
  | 'BubblesRead'
  | 'DeliveriesFailed'
  | 'BubblesRepeated'
  /** WhatsApp did not take their buttons or quotation, so their words went without. */
  | 'BubblesMadePlain'
  | 'BubblesGivenUp'
  | 'EventsUnhandled'
  | 'RecordsUnreadable'
  | 'CommandsAccepted'
  | 'ApiRequestsRefused'
  | 'NoticesDelivered'
  | 'NoticesRefused'
  | 'NoticesParked'
  | 'NoticesAnnounced'
  | 'JobsDeferred'
  | 'MemoryItemsKept'
  | 'MemoryItemsForgotten'
  | 'MemorySummaries'
  /** Calls for the memory's sake, which are not among the `ModelCalls`. */
  | 'MemoryCalls'
  | 'MemoryFailures'
  /** Jobs that a budget had no room for. */
  | 'MemoryBudgetStops'
  | 'MessagesRungAgain'
  /** Timers of hand-overs that were due. */
  | 'TimersRung'
  | 'UnfinishedMessages'
  | 'ReadinessFailures'
  /** Of the canary: what it sent, and what of it was not answered. */
  | 'CanaryRuns'
  | 'CanaryFailures';

/** Of a circuit: 0 = closed, 1 = half-open, 2 = open. */
export type GaugeMetric =
  | 'ModelCircuit'
  | 'GraphCircuit'
  | 'WebhookCircuit'
  /** Days since the oldest value of the platform's secret was put there. */
  | 'PlatformSecretAge';

export type DurationMetric =
  | 'MediaFetchTime'
  | 'TranscriptionTime'
  | 'AnswerTime'
  | 'ModelTime'
  | 'SendTime'
  | 'OldestUnfinishedAge'
  /** Until the canary was answered. */
  | 'CanaryTime';

export interface Metrics {
  count(name: CountMetric, by?: number): void;
  /** A duration in milliseconds. */
  duration(name: DurationMetric, ms: number): void;
  /** A state as it is now. */
  gauge(name: GaugeMetric, value: number): void;
}
