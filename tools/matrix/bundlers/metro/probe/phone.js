/** What the phone gives an app, in place of React Native's own modules: the host has the browser and the random numbers. */
globalThis.crypto = { getRandomValues: (bytes) => bytes.map(() => Math.floor(Math.random() * 256)) };

export const Linking = { openURL: async (url) => globalThis.host.openURL(url) };
export const AppState = { addEventListener: () => ({ remove: () => undefined }) };

const items = new Map();
export default {
  getItem: async (key) => items.get(key) ?? null,
  setItem: async (key, value) => void items.set(key, value),
  removeItem: async (key) => void items.delete(key),
};
