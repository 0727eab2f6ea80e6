/** Shows one framework's component, and mounts and unmounts it: `?react`, `?vue`, … */
import { createBrowserPlexAuth } from 'plex-auth-flow/browser';

const auth = createBrowserPlexAuth({ product: 'My App' });

const frameworks = {
  react: () => import('./react/mount.tsx'),
  preact: () => import('./preact/mount.tsx'),
  vue: () => import('./vue/mount.ts'),
  svelte: () => import('./svelte/mount.ts'),
  solid: () => import('./solid/mount.ts'),
  lit: () => import('./lit/mount.ts'),
  angular: () => import('./angular/mount.ts'),
};

const name = location.search.slice(1) as keyof typeof frameworks;
const { mount } = await frameworks[name]();
document.title = name;

for (const box of document.querySelectorAll('input')) {
  const root = document.getElementById(box.value) as HTMLElement;
  let unmount = () => {};
  const settle = () => {
    unmount();
    unmount = box.checked ? mount(root, auth) : () => {};
  };
  box.addEventListener('change', settle);
  settle();
}
