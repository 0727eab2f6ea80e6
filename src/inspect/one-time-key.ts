import { randomBytes, timingSafeEqual } from 'node:crypto';

/** A key that works once. Using it makes the next one. */
export interface OneTimeKey {
  /** The key that works now. */
  readonly current: string;
  /** Uses the key up if it is the right one, and says whether it was. */
  use(given: string): boolean;
}

export function createOneTimeKey(): OneTimeKey {
  let current = createKey();
  return {
    get current() {
      return current;
    },
    use(given) {
      const [one, other] = [Buffer.from(given), Buffer.from(current)];
      const isRight = one.length === other.length && timingSafeEqual(one, other);
      if (isRight) current = createKey();
      return isRight;
    },
  };
}

/** 128 bits: more than anybody can try. */
function createKey(): string {
  return randomBytes(16).toString('base64url');
}
