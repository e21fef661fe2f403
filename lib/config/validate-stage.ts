import { isRegion, unless, wholeNumber } from './problems.ts';
import { recoveryProblems } from './recovery-problems.ts';
import {
  type AlarmAddresses,
  type ApiConfig,
  type BudgetConfig,
  type DomainConfig,
  InvalidStageConfigError,
  isRelease,
  isTenantVault,
  type LimitsConfig,
  type ProcessorConfig,
  processorTimeoutSeconds,
  releases,
  type SecretsConfig,
  type StageConfig,
  severities,
  tenantVaults,
} from './stages.ts';
import { microDollars } from './terms-environment.ts';

/**
 * Checks what the types cannot say.
 * @throws InvalidStageConfigError with every problem found
 */
export function validateStage(config: StageConfig): void {
  const problems = [
    ...envProblems(config),
    ...apiProblems(config.api),
    ...placeProblems(config),
    ...releaseProblems(config.release),
    ...processorProblems(config.processor),
    ...tenantVaultProblems(config.secrets.tenantVault),
    ...rotationProblems(config.secrets),
    ...sweepProblems(config.ringAfterSeconds),
    ...limitProblems(config.limits),
    ...budgetProblems(config.budget),
    ...addressProblems(config.alarms),
    ...recoveryProblems(config),
    ...canaryProblems(config),
  ];
  if (config.stage === 'prod' && config.disposable) {
    problems.push(
      'disposable: must be false for prod, or a destroyed stack takes all chats with it',
    );
  }
  if (problems.length > 0) throw new InvalidStageConfigError(config.stage, problems);
}

function envProblems({ env }: StageConfig): string[] {
  if (env === undefined) return [];
  return [
    ...unless(/^\d{12}$/.test(env.account), `env.account: "${env.account}" is not 12 digits`),
    ...unless(
      isRegion(env.region),
      `env.region: "${env.region}" is not a region such as eu-central-1`,
    ),
  ];
}

function apiProblems({ throttle, domain }: ApiConfig): string[] {
  return [
    ...wholeNumber('api.throttle.requestsPerSecond', throttle.requestsPerSecond, 1, 10_000),
    ...wholeNumber('api.throttle.burst', throttle.burst, 1, 5_000),
    ...(domain === undefined ? [] : domainProblems(domain)),
  ];
}

function domainProblems({ name, certificateArn, truststore }: DomainConfig): string[] {
  return [
    ...unless(
      /^([a-z0-9-]+\.)+[a-z]{2,}$/.test(name),
      `api.domain.name: "${name}" is not a host name`,
    ),
    ...unless(
      /^arn:[\w-]+:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/.test(certificateArn),
      `api.domain.certificateArn: "${certificateArn}" is not the ARN of an ACM certificate`,
    ),
    ...unless(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(truststore.bucket),
      `api.domain.truststore.bucket: "${truststore.bucket}" is not a bucket name`,
    ),
    ...unless(
      truststore.key.endsWith('.pem'),
      `api.domain.truststore.key: "${truststore.key}" must name a .pem object`,
    ),
  ];
}

/** API Gateway takes certificates of its own account and region only. */
function placeProblems({ env, api: { domain } }: StageConfig): string[] {
  if (env === undefined || domain === undefined) return [];
  const [, , , region, account] = domain.certificateArn.split(':');
  return unless(
    region === env.region && account === env.account,
    `api.domain.certificateArn: it is not of ${env.account} in ${env.region}, where the API is`,
  );
}

function processorProblems(processor: ProcessorConfig): string[] {
  return [
    // An SQS event source accepts a maximum concurrency of 2 to 1,000.
    ...wholeNumber('processor.concurrency', processor.concurrency, 2, 1_000),
    ...wholeNumber('processor.maxReceiveCount', processor.maxReceiveCount, 2, 1_000),
    // Below one try's time the first try would already be given up on.
    ...wholeNumber(
      'processor.answerDeadlineSeconds',
      processor.answerDeadlineSeconds,
      processorTimeoutSeconds,
      3_600,
    ),
    ...unless(
      /^v\d+\.\d$/.test(processor.graphApiVersion),
      `processor.graphApiVersion: "${processor.graphApiVersion}" is not of the form v26.0`,
    ),
    ...unless(processor.defaultModel !== '', 'processor.defaultModel: name a model'),
    ...unless(processor.transcriptionModel !== '', 'processor.transcriptionModel: name a model'),
  ];
}

/** Node runs `bin/` without looking at its types, and the context is whatever was typed. */
export function tenantVaultProblems(tenantVault: unknown): string[] {
  return unless(
    isTenantVault(tenantVault),
    `secrets.tenantVault: "${tenantVault}" is none of ${tenantVaults.join(', ')}`,
  );
}

export function releaseProblems(release: unknown): string[] {
  return unless(isRelease(release), `release: "${release}" is none of ${releases.join(', ')}`);
}

/** A sweep that is quicker than one attempt would ring for turns that are being worked on. */
function rotationProblems({ rotationDays }: SecretsConfig): string[] {
  return rotationDays === undefined
    ? []
    : wholeNumber('secrets.rotationDays', rotationDays, 1, 730);
}

function sweepProblems(ringAfterSeconds: number): string[] {
  return wholeNumber('ringAfterSeconds', ringAfterSeconds, processorTimeoutSeconds + 1, 3_600);
}

function limitProblems({ turnsPerMinutePerTenant: turns }: LimitsConfig): string[] {
  if (turns === undefined) return [];
  return wholeNumber('limits.turnsPerMinutePerTenant', turns, 1, 1_000_000);
}

function budgetProblems({ perDay, perMonth, warnAt = [] }: BudgetConfig = {}): string[] {
  const amounts = Object.entries({ perDay, perMonth }).flatMap(([name, amount]) =>
    unless(
      amount === undefined || isAmount(amount),
      `budget.${name}: ${amount} is not an amount in US dollars above 0 with at most six decimals`,
    ),
  );
  const shares = warnAt.flatMap((share) =>
    unless(share > 0 && share <= 1, `budget.warnAt: ${share} is not a share above 0 and up to 1`),
  );
  return [...amounts, ...shares];
}

/** In micro-dollars it must be a whole number. */
function isAmount(dollars: number): boolean {
  const micros = microDollars(dollars);
  return micros > 0 && dollars <= 10_000_000 && micros / 1_000_000 === dollars;
}

const SECRET_ARN = /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/;

function canaryProblems({ canary, api }: StageConfig): string[] {
  if (canary === undefined) return [];
  const { everyMinutes, clientCertificateSecretArn: certificate } = canary;
  return [
    ...wholeNumber('canary.everyMinutes', everyMinutes, 2, 60),
    ...unless(
      api.domain === undefined || certificate !== undefined,
      'canary.clientCertificateSecretArn: api.domain lets nobody in without a certificate; name one, or leave the canary out (docs/canary.md)',
    ),
    ...unless(
      api.domain !== undefined || certificate === undefined,
      'canary.clientCertificateSecretArn: leave it out, since without api.domain nobody asks for a certificate',
    ),
    ...unless(
      certificate === undefined || SECRET_ARN.test(certificate),
      `canary.clientCertificateSecretArn: "${certificate}" is not the ARN of a secret, with the six characters at its end`,
    ),
  ];
}

function addressProblems(alarms: AlarmAddresses): string[] {
  return severities.flatMap((severity) =>
    alarms[severity].flatMap((address) =>
      unless(
        isEmail(address) || isHttpsUrl(address),
        `alarms.${severity}: "${address}" is neither an email address nor an https:// endpoint`,
      ),
    ),
  );
}

export function isEmail(address: string): boolean {
  return /^[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+$/.test(address);
}

function isHttpsUrl(address: string): boolean {
  return URL.parse(address)?.protocol === 'https:';
}
