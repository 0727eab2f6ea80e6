/** What `imports` in package.json leads to: a built file, for Node alone. */
declare module '#emulator-server' {
  export const createAdaptorServer: typeof import('./emulator-server.ts').createAdaptorServer;
  export const RESPONSE_ALREADY_SENT: typeof import('./emulator-server.ts').RESPONSE_ALREADY_SENT;
}
