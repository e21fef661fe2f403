/** What an AWS client was sent: the command's name and its input. */
export interface SentCommand {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the input of whatever command it is
  readonly input: any;
}

/**
 * Stands in for an AWS client: keeps what is sent and answers by the given function. `sent` is the log;
 * `as` gives the stub the type of the client that it stands in for.
 */
export function stubClient(answer: (command: SentCommand) => unknown) {
  const sent: SentCommand[] = [];
  const client = {
    async send(command: {
      readonly input: unknown;
      readonly constructor: { readonly name: string };
    }) {
      const taken = { name: command.constructor.name, input: command.input };
      sent.push(taken);
      return answer(taken);
    },
  };
  return { sent, as: <Client>() => client as unknown as Client };
}
