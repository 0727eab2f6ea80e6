import type { BrowserPlexAuth } from 'plex-auth-flow/browser';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { SignIn } from './sign-in.tsx';

export function mount(root: HTMLElement, auth: BrowserPlexAuth): () => void {
  const app = createRoot(root);
  app.render(
    <StrictMode>
      <SignIn auth={auth} />
    </StrictMode>,
  );
  return () => app.unmount();
}
