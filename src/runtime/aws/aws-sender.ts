import type { SmithyResolvedConfiguration } from '@smithy/core/client';
import type { Command, HttpHandlerOptions, MetadataBearer } from '@smithy/types';

/** What sends commands to one service of AWS: a client of the SDK, or a function's (`FunctionClient`). */
export interface AwsSender<Inputs extends object, Outputs extends MetadataBearer> {
  send<Input extends Inputs, Output extends Outputs>(
    command: Command<
      Inputs,
      Input,
      Outputs,
      Output,
      SmithyResolvedConfiguration<HttpHandlerOptions>
    >,
    options?: HttpHandlerOptions,
  ): Promise<Output>;
}
