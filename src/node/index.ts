export { configFolder } from './config-folder.ts';
export { createFileStore, type FileStoreOptions } from './file-store.ts';
export { type TerminalQROptions, toTerminalQR } from './terminal-qr.ts';
