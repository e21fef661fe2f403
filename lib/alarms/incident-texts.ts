import type { Severity } from '../config/stages.ts';

export const incidentNames = [
  'whatsapp-down',
  'webhooks-refused',
  'customers-unanswered',
  'model-down',
  'canary-unanswered',
  'webhooks-unsteady',
  'model-unsteady',
  'tenant-cut-off',
  'business-api-failing',
  'tables-failing',
  'answers-at-risk',
  'events-behind',
  'jobs-behind',
] as const;

/** What people are told of once, however many alarms show it. */
export type IncidentName = (typeof incidentNames)[number];

export interface IncidentText {
  readonly impact: string;
  readonly severity: Severity;
  /**
   * While one of these goes on, and a quarter of an hour after it, somebody is at work already, and what shows
   * here is most likely its doing.
   */
  readonly unless?: readonly IncidentName[];
}

/**
 * Critical is what all customers of the platform notice; what strikes one tenant, or threatens to come, waits
 * for the morning. One that is muted by another stands after it. Each has docs/runbooks/<name>.md.
 */
export const incidentTexts: Readonly<Record<IncidentName, IncidentText>> = {
  'whatsapp-down': {
    impact: 'WhatsApp takes no answers of ours: customers of many tenants hear nothing.',
    severity: 'critical',
  },
  'webhooks-refused': {
    impact: 'What customers write is refused; Meta sends it again later, so answers are late.',
    severity: 'critical',
  },
  'customers-unanswered': {
    impact: 'What customers wrote was accepted, and they get no answer to it.',
    severity: 'critical',
    unless: ['whatsapp-down'],
  },
  'model-down': {
    impact: 'Customers get the fallback text instead of an answer, whoever they write to.',
    severity: 'critical',
  },
  'canary-unanswered': {
    impact:
      'Who writes now is probably not answered, or nobody checks it; no other alarm says why.',
    severity: 'critical',
    unless: ['webhooks-refused', 'customers-unanswered', 'model-down'],
  },
  'webhooks-unsteady': {
    impact: 'Some webhooks are refused or taken slowly; Meta sends again what it gave up on.',
    severity: 'high',
    unless: ['webhooks-refused'],
  },
  'model-unsteady': {
    impact: 'One of the models does not answer: customers of its tenants get the fallback text.',
    severity: 'high',
    unless: ['model-down'],
  },
  'tenant-cut-off': {
    impact: 'Customers of a tenant are not answered until somebody removes the cause.',
    severity: 'high',
    unless: ['whatsapp-down'],
  },
  'business-api-failing': {
    impact: 'People of the businesses cannot take chats over or answer them by their programs.',
    severity: 'high',
  },
  'tables-failing': {
    impact: 'DynamoDB refuses what is to be read or stored: answers are late, webhooks come again.',
    severity: 'high',
    unless: ['webhooks-refused', 'customers-unanswered'],
  },
  'answers-at-risk': {
    impact: 'Answers come near a limit of the platform: beyond it they are late.',
    severity: 'medium',
    unless: ['whatsapp-down', 'customers-unanswered', 'model-down'],
  },
  'events-behind': {
    impact: 'Delivery states lag, so replies whose sending was cut off may be sent a second time.',
    severity: 'medium',
  },
  'jobs-behind': {
    impact: 'Businesses are told late of chats, and what customers say is not remembered yet.',
    severity: 'medium',
  },
};
