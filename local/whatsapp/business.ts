/** A message template that Meta has approved for a business. */
export interface MessageTemplate {
  readonly name: string;
  readonly language: string;
  readonly category: 'authentication' | 'marketing' | 'utility';
}

/** One business number as Meta knows it. */
export interface Business {
  /** Verified name, shown to customers. */
  readonly name: string;
  readonly phoneNumberId: string;
  /** Digits only, with country code. */
  readonly displayPhoneNumber: string;
  /** WhatsApp Business Account id: `entry[].id` of its webhooks. */
  readonly accountId: string;
  /** Business portfolio id: the scope of its customers' user ids. */
  readonly portfolioId: string;
  /** Tokens that may act for this number at first; any other is refused. */
  readonly accessTokens: readonly string[];
  readonly templates?: readonly MessageTemplate[];
}
