import type { SmithyResolvedConfiguration } from '@smithy/core/client';
import type { Command, HttpHandlerOptions, MetadataBearer } from '@smithy/types';

/** A command of the SDK, such as `GetItemCommand`. */
export type AwsCommand<
  Inputs extends object,
  Input extends Inputs,
  Outputs extends MetadataBearer,
  Output extends Outputs,
> = Command<Inputs, Input, Outputs, Output, SmithyResolvedConfiguration<HttpHandlerOptions>>;

/** What sends commands to one service of AWS: a client of the SDK, or a function's (`FunctionClient`). */
export interface AwsSender<Inputs extends object, Outputs extends MetadataBearer> {
  send<Input extends Inputs, Output extends Outputs>(
    command: AwsCommand<Inputs, Input, Outputs, Output>,
    options?: HttpHandlerOptions,
  ): Promise<Output>;
}
