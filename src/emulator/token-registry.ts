/** The tokens of the one emulated account. */
export interface TokenRegistry {
  /** The signed-in user's own token. */
  readonly accountToken: string;
  /** Issues a token to a client and revokes the one that it had before. */
  issue(clientIdentifier: string): string;
  isValid(token: string): boolean;
  revoke(token: string): void;
}

/** @param makeToken Makes a token that no one has. */
export function createTokenRegistry(makeToken: () => string): TokenRegistry {
  const accountToken = makeToken();
  const validTokens = new Set([accountToken]);
  const tokensByClient = new Map<string, string>();
  return {
    accountToken,
    issue(clientIdentifier) {
      const token = makeToken();
      validTokens.delete(tokensByClient.get(clientIdentifier) ?? '');
      validTokens.add(token);
      tokensByClient.set(clientIdentifier, token);
      return token;
    },
    isValid: (token) => validTokens.has(token),
    revoke(token) {
      validTokens.delete(token);
    },
  };
}
