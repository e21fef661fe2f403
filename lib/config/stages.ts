import type { RecoveryConfig, RestoredTables } from './recovery.ts';

/** The deployments that exist; each has its own stacks, data and secrets. */
export const stageNames = ['dev', 'staging', 'prod'] as const;

export type StageName = (typeof stageNames)[number];

/** What can keep tenants' secrets: docs/adr/013-a-second-vault.md. */
export const tenantVaults = ['secrets-manager', 'tenants-table'] as const;

export const releases = ['canary', 'at-once'] as const;

/** Retention periods that CloudWatch Logs accepts and that are of use here, in days. */
const logRetentions = [7, 14, 30, 90, 180, 365] as const;

/** One try of the processor: SQS hides a ring a little longer, the sweeper waits longer still. */
export const processorTimeoutSeconds = 60;

/** Everything in which one stage may differ from another. */
export interface StageConfig {
  readonly stage: StageName;
  /**
   * Where the stacks go.
   * @default - the account and region of whoever runs `cdk deploy`
   */
  readonly env?: { readonly account: string; readonly region: string };
  /** True lets `cdk destroy` take tables, keys and secrets with it. Never for customers' data. */
  readonly disposable: boolean;
  readonly logLevel: 'DEBUG' | 'INFO' | 'WARN';
  readonly logRetentionDays: (typeof logRetentions)[number];
  readonly api: ApiConfig;
  /**
   * How new versions of ingest and processor come to customers: `canary` gives them one call in ten for
   * five minutes and takes them back on an alarm; `at-once` gives them all.
   */
  readonly release: (typeof releases)[number];
  readonly processor: ProcessorConfig;
  readonly secrets: SecretsConfig;
  /** A message that is accepted and unfinished for longer is rung again by the sweeper. */
  readonly ringAfterSeconds: number;
  readonly limits: LimitsConfig;
  /**
   * What all tenants together may cost, for the model and for Meta.
   * @default - as much as it takes
   */
  readonly budget?: BudgetConfig;
  readonly alarms: AlarmAddresses;
  readonly recovery: RecoveryConfig;
  /**
   * What `npm run restore` printed: the functions work with these tables in the place of the stack's own.
   * @default - the stack's own tables serve
   */
  readonly restored?: RestoredTables;
  /**
   * A check that writes as a customer and sees whether it is answered: docs/canary.md. Each costs a call to
   * the model.
   * @default - none
   */
  readonly canary?: CanaryConfig | undefined;
}

export interface CanaryConfig {
  /** The alarm goes off after two or three checks that failed, or as many that did not take place. */
  readonly everyMinutes: number;
  /**
   * What it shows to `api.domain`, which lets nobody in without: a secret that the operator puts, of the shape
   * `{"certificate":"<PEM>","privateKey":"<PEM>"}`, signed by a CA that is in the truststore beside Meta's.
   * @default - none; for a stage without a domain
   */
  readonly clientCertificateSecretArn?: string;
}

export interface LimitsConfig {
  /**
   * Turns in a minute for a tenant that has no limit of its own, so that one tenant's flood leaves the
   * processor to the others. What comes beyond waits for the next minute.
   * @default - no limit
   */
  readonly turnsPerMinutePerTenant?: number;
}

/** In US dollars, of days and months of UTC. What it stops is answered with the tenants' limit text. */
export interface BudgetConfig {
  /** @default - no limit */
  readonly perDay?: number;
  /** @default - no limit */
  readonly perMonth?: number;
  /**
   * Shares of the budget at which an alarm tells.
   * @default - 0.8
   */
  readonly warnAt?: readonly number[];
}

export interface ApiConfig {
  /**
   * What all routes together may take before API Gateway answers 429. Meta sends a refused webhook
   * again, so a limit that is too low delays messages and loses none.
   */
  readonly throttle: { readonly requestsPerSecond: number; readonly burst: number };
  /**
   * A name of our own, behind mutual TLS: the default endpoint is then switched off and only
   * callers with a certificate of the truststore connect.
   * @default - the execute-api address, open to everyone who can sign a body
   */
  readonly domain?: DomainConfig;
}

export interface DomainConfig {
  /** For example `hooks.example.com`; point its DNS record at the output `DomainTarget`. */
  readonly name: string;
  /** ACM certificate for `name`, in the stage's region. */
  readonly certificateArn: string;
  /** S3 object holding the PEM of Meta's client CA (`meta-outbound-api-ca-2025-12.pem`). */
  readonly truststore: {
    readonly bucket: string;
    readonly key: string;
    /** @default - the newest version at the time of the deployment */
    readonly version?: string;
  };
}

export interface ProcessorConfig {
  /**
   * How many batches of rings are worked at once, and so the ceiling of what the model is asked at
   * once. Reserved from the account's concurrency, of which 100 must stay unreserved.
   */
  readonly concurrency: number;
  /** After this many receives a ring is parked in the dead-letter queue. */
  readonly maxReceiveCount: number;
  /** After this many seconds of waiting the customer gets the fallback text. */
  readonly answerDeadlineSeconds: number;
  /** For example `v26.0`; Meta serves a version for about two years. */
  readonly graphApiVersion: string;
  /** The model for tenants that name none. */
  readonly defaultModel: string;
  /** Writes down voice notes, for tenants that name no other. */
  readonly transcriptionModel: string;
}

export interface SecretsConfig {
  /**
   * `secrets-manager`: one secret per tenant, $0.40 each a month. `tenants-table`: encrypted beside
   * each tenant in its table, by a key that costs the same for any number. The functions read nothing
   * but this one: `npx concierge secret migrate` moves the secrets before it is changed.
   */
  readonly tenantVault: (typeof tenantVaults)[number];
  /**
   * After so many days an alarm tells that a value of the platform's secret was not replaced.
   * @default - 180
   */
  readonly rotationDays?: number;
}

/** How soon a person has to act. */
export const severities = ['critical', 'high', 'medium', 'low'] as const;

export type Severity = (typeof severities)[number];

/** Whom an alarm of each severity tells: email addresses, or HTTPS endpoints of a paging service. */
export interface AlarmAddresses {
  /** Wakes somebody, who acts within 15 minutes: customers are not being answered. */
  readonly critical: readonly string[];
  /** Reaches somebody in working hours, who acts within the hour: some customers are not answered well. */
  readonly high: readonly string[];
  /** A ticket, looked at within four hours of work: nobody suffers yet. */
  readonly medium: readonly string[];
  /** Looked through once a week. */
  readonly low: readonly string[];
}

/** Raised at synth; lists every value that must change, not only the first. */
export class InvalidStageConfigError extends Error {
  override readonly name = 'InvalidStageConfigError';
  readonly problems: readonly string[];

  constructor(stage: string, problems: readonly string[]) {
    super(`Correct the configuration of stage ${stage}:\n- ${problems.join('\n- ')}`);
    this.problems = problems;
  }
}

export function isTenantVault(value: unknown): value is SecretsConfig['tenantVault'] {
  return tenantVaults.some((name) => name === value);
}

export function isRelease(value: unknown): value is StageConfig['release'] {
  return releases.some((name) => name === value);
}

export function isStageName(text: string): text is StageName {
  return stageNames.some((name) => name === text);
}

/**
 * Where the metrics of our own go; each has one dimension, `service`: the function's folder. A namespace for
 * each stage, since several may share an account: what one publishes would hide that another is silent.
 */
export function metricNamespaceOf(stage: StageName): string {
  return `Concierge/${stage}`;
}
