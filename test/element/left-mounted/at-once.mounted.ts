import { it } from 'vitest';
import 'plex-auth-flow/element';

it.each(['popup', 'redirect', 'code'])('puts a tag up in mode %s and ends', (mode) => {
  document.body.innerHTML += `<plex-sign-in product="My App" mode="${mode}" lang="de"></plex-sign-in>`;
});
