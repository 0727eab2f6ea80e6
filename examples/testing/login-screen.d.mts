import type { PlexAuth } from 'plex-auth-flow';

export function mountLoginScreen(auth: PlexAuth, root: { innerHTML: string }): () => void;
