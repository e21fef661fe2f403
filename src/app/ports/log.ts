/** Every event that the application logs: a closed list, so that queries and alarms can rely on it. */
export type LogEvent =
  | 'webhook_accepted'
  | 'webhook_refused'
  | 'webhook_not_taken'
  | 'webhook_part_refused'
  | 'write_refused'
  | 'chat_rung'
  | 'turn_started'
  | 'turn_deferred'
  | 'turn_fenced'
  | 'turn_closed'
  | 'turn_dropped'
  | 'chat_idle'
  | 'chat_moved'
  | 'chat_taken_over'
  | 'chat_handed'
  | 'command_finished'
  | 'echoes_taken'
  | 'notices_not_taken'
  | 'timer_not_set'
  | 'messages_parked'
  | 'messages_recorded'
  | 'messages_erased'
  | 'consent_changed'
  | 'ambiguous_part_resent'
  | 'ambiguous_part_proven'
  | 'model_failed'
  | 'answer_late'
  | 'burst_awaited'
  | 'messages_unanswered'
  | 'budget_reached'
  | 'budget_warning'
  | 'record_unreadable'
  | 'bubble_repeated'
  | 'bubble_given_up'
  | 'apology_failed'
  | 'send_refused'
  | 'send_ambiguous'
  | 'chat_failed'
  | 'ring_malformed'
  | 'rings_not_given_back'
  | 'envelopes_not_handed_back'
  | 'command_accepted'
  | 'api_request_refused'
  | 'notice_delivered'
  | 'notice_refused'
  | 'notice_parked'
  | 'notice_dropped'
  | 'notice_announced'
  | 'job_malformed'
  | 'job_deferred'
  | 'job_failed'
  | 'jobs_not_handed_back'
  | 'status_merged'
  | 'status_of_unknown_message'
  | 'status_of_erased_chat'
  | 'event_kept'
  | 'preference_recorded'
  | 'event_malformed'
  | 'sweep_finished'
  | 'message_rung_again'
  | 'secret_refreshed'
  | 'secret_stale'
  | 'retention_unknown'
  | 'readiness_checked'
  | 'spend_not_counted'
  | 'request_failed';

/** Ids, codes and numbers only: never a customer's text, name or number, never a token. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  /** A log whose every line also has these fields; chats that are worked side by side have one each. */
  with(fields: LogFields): Log;
  debug(event: LogEvent, fields?: LogFields): void;
  info(event: LogEvent, fields?: LogFields): void;
  warn(event: LogEvent, fields?: LogFields): void;
  /** `error` is reduced to its name, code and stack; its message is kept out unless it is ours. */
  error(event: LogEvent, fields?: LogFields, error?: unknown): void;
}
