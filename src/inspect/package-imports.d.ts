/**
 * What `imports` in package.json leads to: built files, each loaded only where it is needed. The live view has the type of
 * the contract, so that nothing here imports the application.
 */
declare module '#live-view' {
  export const mountLiveView: import('./live-view-module.ts').LiveViewModule['mountLiveView'];
}

declare module '#relay' {
  export const startRelay: typeof import('./relay.ts').startRelay;
}
