import { createHash } from 'node:crypto';

/**
 * The name of a resource that the template leaves unnamed, made as CloudFormation makes it (stack,
 * logical id, random part) but always the same, so that data of an earlier run is found again.
 */
export function generatedName(stackName: string, logicalId: string, maximumLength = 128): string {
  const suffix = stableToken(`${stackName}/${logicalId}`, 12).toUpperCase();
  const room = maximumLength - suffix.length - 2;
  const id = logicalId.slice(0, room - Math.min(stackName.length, Math.floor(room / 2)));
  return `${stackName.slice(0, room - id.length)}-${id}-${suffix}`;
}

/** Letters and digits that look random and are the same for the same source. */
export function stableToken(source: string, length: number): string {
  return createHash('sha256').update(source).digest('hex').slice(0, length);
}
