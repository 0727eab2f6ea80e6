/** A cell that fails for a reason that lies outside this package. */
export interface KnownCause {
  /** The name of the check. */
  readonly name: string;
  /** The sentence of the cell. */
  readonly check: string;
  /** What the cell says then. With another reason it counts as any other failure. Default: any. */
  readonly detail?: string;
  /** One sentence for the page. */
  readonly cause: string;
  /** Where its maintainers know of it. */
  readonly link: string;
}

/** A cell that is listed here and passes fails the command too: then its row is to be deleted. */
export const knownCauses: readonly KnownCause[] = [
  {
    name: 'firefox',
    check: 'stays in the cache during a sign-in, and leaves that to the tab that began one meanwhile',
    detail: 'Error: the page was loaded anew',
    cause:
      'Firefox caches no page that has a lock when it goes. It loads the page anew, which goes on with the same code.',
    link: 'https://developer.mozilla.org/docs/Web/API/NotRestoredReasonDetails/reason',
  },
  {
    name: 'workerd-node',
    check: 'keeps keys in a file, and removes the file with the last of them',
    cause:
      '`rename` of workerd refuses to replace a file. A worker has no lasting files; keep stores elsewhere.',
    link: 'https://github.com/cloudflare/workerd/pull/7394',
  },
];
