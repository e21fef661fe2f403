/**
 * What a caller needs on the key of an encrypted table: DynamoDB calls KMS in the caller's name.
 * Those of the AWS page "How DynamoDB uses AWS KMS", with its wildcards written out, without
 * DescribeKey, which has conditions of its own (state-access.ts), and without CreateGrant, which only
 * whoever creates the table needs.
 */
export const tableWriterKeyActions = [
  'kms:Decrypt',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** What a caller needs on the key of a bucket to put objects and to read them. */
export const bucketWriterKeyActions = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** What a caller needs on the key of a secret to read it. */
export const secretReaderKeyActions = ['kms:Decrypt'];

/** What an event source mapping does on a queue, with the role of its function. */
export const queueConsumerActions = [
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ReceiveMessage',
];
