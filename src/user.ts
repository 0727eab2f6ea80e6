/** The account behind a token. A text that Plex did not give is empty. */
export interface PlexUser {
  /** Keep accounts apart by `id` or `uuid`, never by a name or an address: those can change hands. */
  id: number;
  uuid: string;
  username: string;
  title: string;
  email: string;
  friendlyName: string;
  thumb: string;
  subscription: { active: boolean; plan: string };
}

/** What can be learned by asking whose token it is. An error says nothing about the token. */
export type UserAnswer = { status: 'valid'; user: PlexUser } | { status: 'rejected' };
