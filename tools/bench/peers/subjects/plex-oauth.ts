/** As its README uses it. Its address of plex.tv is a constant, replaced here. */
import { type IPlexClientDetails, PlexOauth } from 'plex-oauth';
import { LinkHelper } from 'plex-oauth/build/src/helpers/LinkHelper.js';
import type { CreateSubject } from '../../subject.ts';

export const createSubject: CreateSubject = ({ origin, intervalMs, follow }) => {
  Object.assign(LinkHelper, { PLEX_PIN_BASE_PATH: `${origin}/api/v2` });

  async function signIn(clientIdentifier: string): Promise<string> {
    const clientInformation: IPlexClientDetails = {
      clientIdentifier,
      product: 'Bench',
      device: 'Bench',
      version: '1',
      platform: 'Web',
      urlencode: true,
    };
    const plexOauth = new PlexOauth(clientInformation);
    const [, pinID] = await plexOauth.requestHostedLoginURL();
    // As many requests as there are in the half hour that a PIN lives.
    const token = await plexOauth.checkForAuthToken(pinID, intervalMs, 1_800_000 / intervalMs);
    if (token === null) throw new Error('It gave up');
    return token;
  }

  return { start: (clientIdentifier) => follow(clientIdentifier, signIn(clientIdentifier)) };
};
