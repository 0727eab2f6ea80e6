/** What is compared, in the order of the tables. */
export interface ListedSubject {
  /** Its file in `peers/subjects/`, without the ending. */
  readonly name: string;
  readonly label: string;
  /** What its numbers depend on: packages of `peers/package.json`. */
  readonly packages: readonly string[];
  readonly speaks: 'Plex' | 'RFC 8628';
  /** In milliseconds, where it cannot be set. */
  readonly fixedIntervalMs?: number;
  /** What its cold import loads. Left out where there is nothing to import. */
  readonly imports?: readonly string[];
  readonly isOurs?: true;
  /** Whether it can be told that the user is back. */
  readonly canCheck?: true;
}

export const floorName = 'pool';

export const subjects: readonly ListedSubject[] = [
  {
    name: 'plex-auth-flow',
    label: 'plex-auth-flow',
    packages: ['xstate', 'ofetch'],
    speaks: 'Plex',
    imports: ['plex-auth-flow'],
    isOurs: true,
    canCheck: true,
  },
  {
    name: 'plex-auth-flow-fleet',
    label: 'plex-auth-flow/fleet',
    packages: ['xstate', 'undici'],
    speaks: 'Plex',
    imports: ['plex-auth-flow/fleet'],
    isOurs: true,
    canCheck: true,
  },
  { name: 'pool', label: 'undici pool', packages: ['undici'], speaks: 'Plex', imports: ['undici'] },
  { name: 'fetch-loop', label: 'fetch loop', packages: [], speaks: 'Plex' },
  {
    name: 'xstate-ofetch',
    label: 'xstate + ofetch',
    packages: ['xstate', 'ofetch'],
    speaks: 'Plex',
    imports: ['xstate', 'ofetch'],
  },
  {
    name: 'plex-oauth',
    label: 'plex-oauth',
    packages: ['plex-oauth'],
    speaks: 'Plex',
    imports: ['plex-oauth'],
  },
  {
    name: 'ctrl-plex',
    label: '@ctrl/plex',
    packages: ['@ctrl/plex'],
    speaks: 'Plex',
    fixedIntervalMs: 3000,
    imports: ['@ctrl/plex'],
  },
  {
    name: 'openid-client',
    label: 'openid-client',
    packages: ['openid-client'],
    speaks: 'RFC 8628',
    imports: ['openid-client'],
  },
  {
    name: 'oauth4webapi',
    label: 'oauth4webapi',
    packages: ['oauth4webapi'],
    speaks: 'RFC 8628',
    imports: ['oauth4webapi'],
  },
  {
    name: 'octokit-device',
    label: '@octokit/auth-oauth-device',
    packages: ['@octokit/auth-oauth-device', '@octokit/request'],
    speaks: 'RFC 8628',
    imports: ['@octokit/auth-oauth-device'],
  },
];
