import { createStore } from '@xstate/store';
import type { PlexAuth, PlexAuthView } from 'plex-auth-flow';

/** A store of the app, with the view of the sign-in beside what else it holds. */
export function createAppStore(auth: PlexAuth) {
  const store = createStore({
    context: { view: auth.getSnapshot(), visits: 0 },
    on: {
      visit: (context) => ({ ...context, visits: context.visits + 1 }),
      changeView: (context, { view }: { view: PlexAuthView }) => ({ ...context, view }),
    },
  });
  auth.subscribe((view) => store.trigger.changeView({ view }));
  return store;
}
