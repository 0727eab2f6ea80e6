import { type ArgDef, type CommandDef, defineCommand } from 'citty';
import type { CommandHost } from '../command-host.ts';
import { readClientIdentifier, readPort, readSeconds, readServerURL } from '../read-option.ts';
import { UsageError } from '../usage-error.ts';

const commandNames = ['login', 'whoami', 'token', 'logout', 'emulator'] as const;

/** What the program can be asked for. */
export type CommandName = (typeof commandNames)[number];

/** A command whose options are known by their names. */
export type Command = CommandDef & { args: Record<string, ArgDef> };

/** The program and its commands. */
export interface Commands {
  readonly main: Command;
  readonly subCommands: Record<CommandName, Command>;
}

/** Whether a word names a command. */
export function isCommandName(word: string): word is CommandName {
  return (commandNames as readonly string[]).includes(word);
}

const informationArgs = {
  help: { type: 'boolean', alias: 'h', description: 'Show this help' },
  version: { type: 'boolean', alias: 'v', description: 'Show the version' },
} as const;

const serverArg = {
  'server-url': { type: 'string', valueHint: 'URL', description: "Ask this server instead of Plex's" },
  'allow-insecure-requests': {
    type: 'boolean',
    description: 'Take a --server-url on plain http, which anyone on the way can read',
  },
} as const;

const approveAfterArg = {
  'approve-after': {
    type: 'string',
    valueHint: 'SECONDS',
    description: 'The emulated user approves after this long',
  },
} as const;

/**
 * Declares every command with its options: what a user can type, in one place.
 *
 * What a command does is loaded when it runs, so that help and mistakes cost nothing.
 */
export function createCommands(host: CommandHost, version: string): Commands {
  const login = defineCommand({
    meta: { name: 'login', description: 'Sign in by approving in a browser or typing a code' },
    args: {
      short: { type: 'boolean', description: 'Show four characters to type at plex.tv/link' },
      emulator: { type: 'boolean', description: 'Try it against an emulated Plex inside; keeps nothing' },
      ...approveAfterArg,
      ...serverArg,
      product: {
        type: 'string',
        valueHint: 'NAME',
        default: 'plex-auth',
        description: 'The name on the consent page',
      },
      'client-identifier': {
        type: 'string',
        valueHint: 'ID',
        description: 'Name this installation; else made once and kept',
      },
      timeout: {
        type: 'string',
        valueHint: 'SECONDS',
        description: 'Give up after this long; else when the code expires',
      },
      inspect: { type: 'boolean', description: 'Show the sign-in live on a page; prints its address' },
      json: { type: 'boolean', description: 'Print each state as JSON, a line each, token hidden' },
      ...informationArgs,
    },
    async run({ args }) {
      const approveAfterMs = readSeconds('--approve-after', args['approve-after'], 0);
      if (approveAfterMs !== undefined && !args.emulator)
        throw new UsageError('--approve-after needs --emulator');
      if (args.emulator && args['server-url'] !== undefined)
        throw new UsageError('--emulator and --server-url exclude each other');
      const options = {
        strong: !args.short,
        isEmulated: args.emulator === true,
        approveAfterMs,
        serverURL: readServerURL(args),
        product: args.product,
        clientIdentifier: readClientIdentifier('--client-identifier', args['client-identifier']),
        giveUpAfterMs: readSeconds('--timeout', args.timeout, 1),
        isInspected: args.inspect === true,
        isJSON: args.json === true,
      };
      return (await import('./login.ts')).login(options, host);
    },
  });

  const whoami = defineCommand({
    meta: { name: 'whoami', description: 'Show who is signed in' },
    args: {
      ...serverArg,
      json: { type: 'boolean', description: 'Print the user as JSON' },
      ...informationArgs,
    },
    async run({ args }) {
      const serverURL = readServerURL(args);
      return (await import('./whoami.ts')).whoami({ serverURL, isJSON: args.json === true }, host);
    },
  });

  const token = defineCommand({
    meta: { name: 'token', description: 'Print the token, for other programs' },
    args: { ...serverArg, ...informationArgs },
    async run({ args }) {
      readServerURL(args);
      return (await import('./token.ts')).token(host);
    },
  });

  const logout = defineCommand({
    meta: { name: 'logout', description: 'Revoke the token at Plex and forget it here' },
    args: { ...serverArg, ...informationArgs },
    async run({ args }) {
      const serverURL = readServerURL(args);
      return (await import('./logout.ts')).logout({ serverURL }, host);
    },
  });

  const emulator = defineCommand({
    meta: { name: 'emulator', description: 'Serve an emulated Plex on this machine until Ctrl-C' },
    args: {
      port: {
        type: 'string',
        valueHint: 'N',
        default: '0',
        description: 'Listen there; 0 takes any free port',
      },
      ...approveAfterArg,
      ...informationArgs,
    },
    async run({ args }) {
      const port = readPort('--port', args.port);
      const approveAfterMs = readSeconds('--approve-after', args['approve-after'], 0);
      return (await import('./emulator.ts')).emulator({ port, approveAfterMs }, host);
    },
  });

  const subCommands = { login, whoami, token, logout, emulator };
  const main = defineCommand({
    meta: { name: 'plex-auth', version, description: 'Sign in to Plex from a terminal' },
    args: informationArgs,
    subCommands,
  });
  return { main, subCommands } as unknown as Commands;
}
