/** Shows one framework's component, and mounts and unmounts it: `?react`, `?vue`, … */
import { auth } from './auth.ts';

const frameworks = {
  react: () => import('./react/main.tsx'),
  preact: () => import('./preact/main.tsx'),
  vue: () => import('./vue/main.ts'),
  svelte: () => import('./svelte/main.ts'),
  solid: () => import('./solid/main.ts'),
  lit: () => import('./lit/main.ts'),
  angular: () => import('./angular/main.ts'),
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
