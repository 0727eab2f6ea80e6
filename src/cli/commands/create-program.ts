import { Command, Option } from '@commander-js/extra-typings';
import type { CommandHost } from '../host/command-host.ts';
import { programCall } from '../host/program-call.ts';
import { wrapWords } from '../screens/fit-to-width.ts';
import { checkClientFlags, checkServerFlags, readPort, readSeconds } from './read-option.ts';
import { UsageError } from './usage-error.ts';

/** Takes the exit code of a command that has ended. */
type EndListener = (exitCode: number) => void;

type Program = ReturnType<typeof createParser>;

/**
 * Declares all that a user can type.
 *
 * A command's own code is loaded when it runs, so that help and mistakes need none of it.
 */
export function createProgram(host: CommandHost, version: string, onEnd: EndListener): Program {
  const program = createParser(host, version);
  declareLogin(program, host, onEnd);
  declareAccountCommands(program, host, onEnd);
  declareEmulator(program, host, onEnd);
  return program;
}

const epilogue = `
Exit codes: 0 done, 1 output lost, 2 usage, 3 expired or not signed in, 4 failed, 130 interrupted.
Environment: PLEX_AUTH_CONFIG_DIR (the folder to keep the sign-in in), NO_COLOR, FORCE_COLOR, BROWSER (what opens pages; none: nothing does), HTTP_PROXY, HTTPS_PROXY, NO_PROXY.`;

function createParser({ stdout, stderr, palette }: CommandHost, version: string) {
  return new Command(programCall)
    .description('Sign in to Plex from a terminal')
    .version(version, '-v, --version', 'Show the version')
    .helpOption('-h, --help', 'Show this help')
    .helpCommand('help [command]', 'Show the help of a command')
    .addHelpText('after', () => wrapWords(epilogue, stdout.columns ?? 100).join('\n'))
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // The caller reports errors, with its own words.
      outputError: () => {},
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
      getOutHasColors: () => palette.hasColor,
      getErrHasColors: () => palette.hasColor,
    })
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: palette.bold,
      optionTerm: ({ flags }) => flags.replace(/[[\]]/g, ''),
      optionDescription: ({ description, defaultValue }) =>
        defaultValue === undefined ? description : `${description} (default: ${defaultValue})`,
    })
    .hook('preAction', (_program, command) => {
      requireValues(command.options, command.opts());
    });
}

/**
 * Makes an option that needs a value.
 *
 * For the parser the value is optional, since it would take the next option for a value that must be there. The preset
 * stands in for a missing value, which {@link requireValues} then refuses.
 */
function valueOption<const Flags extends `--${string} [${string}]`>(flags: Flags, description: string) {
  return new Option(flags, description).preset('');
}

/** @throws {UsageError} Naming the first option whose value is missing or empty. */
function requireValues(options: readonly Option[], values: Readonly<Record<string, unknown>>): void {
  const missing = options.find((option) => values[option.attributeName()] === '');
  if (missing) throw new UsageError(`${missing.long} needs a value`);
}

const serverURL = valueOption('--server-url [URL]', "Use this server instead of Plex's, and only its token");
const allowInsecureRequests = new Option(
  '--allow-insecure-requests',
  'Take a --server-url on plain http, which anyone on the way can read',
);
const approveAfter = valueOption(
  '--approve-after [SECONDS]',
  'The emulated user approves after this many seconds',
);

function declareLogin(program: Program, host: CommandHost, onEnd: EndListener): void {
  program
    .command('login')
    .description('Sign in by approving in a browser or typing a code')
    .option('--short', 'Show four characters to type at plex.tv/link')
    .option('--no-browser', 'Do not let Enter open the page in a browser')
    .option('--emulator', 'Try it against an emulated Plex inside; keeps nothing')
    .addOption(approveAfter)
    .addOption(serverURL)
    .addOption(allowInsecureRequests)
    .addOption(valueOption('--product [NAME]', 'The name on the consent page').default('plex-auth-flow'))
    .addOption(
      valueOption('--client-identifier [ID]', 'Name this installation (default: made once and kept)'),
    )
    .addOption(valueOption('--timeout [SECONDS]', 'Give up after this long (default: when the code expires)'))
    .option('--inspect', 'Show the sign-in live on a page, and print its address')
    .option('--json', 'Print each state as a line of JSON, with the token hidden')
    .action(async (flags) => {
      const approveAfterMs = readSeconds('--approve-after', flags.approveAfter, 0);
      if (approveAfterMs !== undefined && !flags.emulator)
        throw new UsageError('--approve-after needs --emulator');
      if (flags.emulator && flags.serverUrl !== undefined)
        throw new UsageError('--emulator and --server-url exclude each other');
      const { product, clientIdentifier } = flags;
      checkClientFlags({ product, clientIdentifier });
      checkServerFlags(flags);
      const options = {
        strong: !flags.short,
        canOpen: flags.browser,
        isEmulated: flags.emulator === true,
        approveAfterMs,
        serverURL: flags.serverUrl,
        product,
        clientIdentifier,
        giveUpAfterMs: readSeconds('--timeout', flags.timeout, 1),
        isInspected: flags.inspect === true,
        isJSON: flags.json === true,
      };
      onEnd(await (await import('./login.ts')).login(options, host));
    });
}

function declareAccountCommands(program: Program, host: CommandHost, onEnd: EndListener): void {
  program
    .command('whoami')
    .description('Show who is signed in')
    .addOption(serverURL)
    .addOption(allowInsecureRequests)
    .option('--json', 'Print the user as JSON')
    .action(async (flags) => {
      checkServerFlags(flags);
      const options = { serverURL: flags.serverUrl, isJSON: flags.json === true };
      onEnd(await (await import('./whoami.ts')).whoami(options, host));
    });
  program
    .command('token')
    .description('Print the token, for other programs')
    .addOption(serverURL)
    .addOption(allowInsecureRequests)
    .action(async (flags) => {
      checkServerFlags(flags);
      onEnd(await (await import('./token.ts')).token({ serverURL: flags.serverUrl }, host));
    });
  program
    .command('logout')
    .description('Revoke the token at Plex and forget it here')
    .addOption(serverURL)
    .addOption(allowInsecureRequests)
    .action(async (flags) => {
      checkServerFlags(flags);
      onEnd(await (await import('./logout.ts')).logout({ serverURL: flags.serverUrl }, host));
    });
}

function declareEmulator(program: Program, host: CommandHost, onEnd: EndListener): void {
  program
    .command('emulator')
    .description('Serve an emulated Plex on this machine until Ctrl-C')
    .addOption(valueOption('--port [N]', 'Listen on this port; 0 takes any free one').default('0'))
    .addOption(approveAfter)
    .action(async (flags) => {
      const port = readPort('--port', flags.port);
      const approveAfterMs = readSeconds('--approve-after', flags.approveAfter, 0);
      onEnd(await (await import('./emulator.ts')).emulator({ port, approveAfterMs }, host));
    });
}
