import type { ThreatMutant } from './mutant.ts';

const fileStore = 'src/node/file-store.ts';
const files = 'src/node/files.ts';
const keyValueStore = 'test/node/key-value-store.test.ts';
const fileStoreProcess = 'test/whole/secrets/file-store.process.test.ts';
const wholeProgram = 'test/whole/secrets/whole-program.process.test.ts';
const turns = 'test/node/file-store-turns.process.test.ts';
const keptToken = 'test/cli/commands/kept-token.process.test.ts';
const canary = 'test/whole/secrets/canary.test.ts';
const writeInPlace =
  "    const own = await open(file, 'w');\n    await own.writeFile(`${content}\\n`);\n    await own.close();";

/** Defences of what lies on a disk, and of what a program prints. */
export const diskThreatMutants: readonly ThreatMutant[] = [
  {
    threat: 'read the token as another user of the machine',
    flaw: 'everybody may read the file',
    file: files,
    find: 'await handle.chmod(0o600).catch(() => {});',
    replace: 'await handle.chmod(0o644).catch(() => {});',
    namedIn: keyValueStore,
    test: 'lets nobody but the owner read',
  },
  {
    threat: 'make the file readable for others and wait',
    flaw: 'a write keeps the mode of the file',
    file: files,
    find: '    await rename(draft, file);',
    replace: writeInPlace,
    namedIn: keyValueStore,
    test: 'narrows a file that was open to others when it writes',
  },
  {
    threat: 'make the file readable for others and wait',
    flaw: 'a file that is set aside stays readable for others',
    file: files,
    find: 'await narrow(aside)',
    replace: 'await exists(aside)',
    namedIn: keyValueStore,
    test: 'sets every corrupt file aside under a name of its own, for its owner only',
  },
  {
    threat: "put a symbolic link in the file's place",
    flaw: 'a write follows a link',
    file: files,
    find: '    await rename(draft, file);',
    replace: writeInPlace,
    namedIn: keyValueStore,
    test: 'leaves what a symbolic link points to as it was, and is a file of its own once it is written',
  },
  {
    threat: 'put a pipe, a device or a folder there',
    flaw: 'whatever is in its place is read',
    file: files,
    find: 'if (!status.isFile())',
    replace: 'if (status.isDirectory())',
    namedIn: keyValueStore,
    test: 'refuses %s in its place with an error that names it, each time',
  },
  {
    threat: 'corrupt the file, or cut the power',
    flaw: 'a write changes the file in place',
    file: files,
    find: '    await rename(draft, file);',
    replace: writeInPlace,
    namedIn: fileStoreProcess,
    test: 'leaves the old content or the new, wherever in a write the process is killed',
  },
  {
    threat: 'corrupt the file, or cut the power',
    flaw: 'a corrupt file that is set aside stays where it was',
    file: files,
    find: '  renameSync(file, aside);',
    replace: "  (await import('node:fs')).copyFileSync(file, aside);",
    namedIn: fileStoreProcess,
    test: 'sets a corrupt file aside once for all the processes that find it',
  },
  {
    threat: "make the program print a broken file's content",
    flaw: 'the message of the parser is printed',
    file: fileStore,
    find: `  } catch {
    return undefined;
  }`,
    replace: `  } catch (error) {
    throw error;
  }`,
    namedIn: wholeProgram,
    test: 'sets aside credentials whose file %s, says so and prints no token',
  },
  {
    threat: 'find a token in a file that a killed process left behind',
    flaw: 'drafts are left behind',
    file: fileStore,
    find: 'await removeDrafts(target, draft);',
    replace: '',
    namedIn: keyValueStore,
    test: 'removes with the next write what killed writers left behind, and nothing else',
  },
  {
    threat: 'make the engine send a stored token to another server',
    flaw: 'a stored token is sent to whichever server is asked',
    file: 'src/engine/kept-credentials.ts',
    find: "return found?.serverURL === (server ?? '') ? found : undefined;",
    replace: 'return server === found ? undefined : found;',
    namedIn: 'test/engine/restore.test.ts',
    test: 'a token that another server gave is not taken, and not sent there',
  },
  {
    threat: 'find a token in the output of the program',
    flaw: 'a command prints the stored token',
    file: 'src/cli/commands/whoami.ts',
    find: '      throw toNamedError(',
    replace: '      host.warn(check.credentials.token.reveal());\n      throw toNamedError(',
    namedIn: wholeProgram,
    test: 'prints no token where each request meets %s',
  },
  {
    threat: 'find a token in the output of the program',
    flaw: 'a message repeats the value of an argument',
    file: 'src/cli/commands/read-option.ts',
    find: '`${name} must be a number of seconds',
    replace: '`${name} ${text} must be a number of seconds',
    namedIn: wholeProgram,
    test: 'prints no token that was pasted where none belongs',
  },
  {
    threat: 'find a code or a location in an error',
    flaw: 'everything that Plex sends with a PIN is kept',
    file: 'src/plex/pin-calls.ts',
    find: 'return { pinID: id, code,',
    replace: 'return { ...(reply.json as object), pinID: id, code,',
    namedIn: canary,
    test: 'the place of a PIN is nowhere: not in views, snapshots, stores or what an inspector sees',
  },
  {
    threat: 'find a code or a location in an error',
    flaw: 'an error quotes the answer',
    file: 'src/plex/exchange.ts',
    find: '      return { status, atMs, tookMs, retryAfterMs,',
    replace:
      "      const { kind } = classifyBody(header('content-type'), text);\n      if (kind === 'invalid') throw new PlexAuthError('PLEX_BAD_REPLY', `no JSON: ${text}`, { atMs, retryable: true });\n      return { status, atMs, tookMs, retryAfterMs,",
    namedIn: canary,
    test: 'where an answer is broken in the middle',
  },
  {
    threat: "find an emulator's own token in a test's log",
    flaw: 'a dump of an emulator shows its token',
    file: 'src/emulator/plex-emulator.ts',
    find: '{ value: accountToken }',
    replace: '{ value: accountToken, enumerable: true }',
    namedIn: canary,
    test: 'shows neither in what inspect nor in what JSON makes of an emulator',
  },
  {
    threat: 'find a code in the log of `npx plex-auth-flow emulator`',
    flaw: 'the log shows the code in a path',
    file: 'src/cli/commands/emulator.ts',
    find: 'new URL(url).pathname.replace(/^(\\/api\\/v2\\/pins\\/qr\\/).+/, `$1${ellipsis}`)',
    replace: 'new URL(url).pathname',
    namedIn: 'test/cli/commands/emulator.process.test.ts',
    test: 'says how to use it, logs each request without what is secret, and ends with 0',
  },
  {
    threat: 'stop or starve a writer',
    flaw: 'a writer reads the file before it removes the drafts of others',
    file: fileStore,
    find: '        await removeDrafts(target, draft);\n        const { entries, version } = await repair(target);',
    replace:
      '        const { entries, version } = await repair(target);\n        await removeDrafts(target, draft);',
    namedIn: turns,
    test: 'finishes no write once another one has read the file',
  },
  {
    threat: 'stop or starve a writer',
    flaw: 'a writer that was stopped creates its draft anew',
    file: files,
    find: "await open(draft, 'r+');",
    replace: "await open(draft, 'w');",
    namedIn: turns,
    test: 'takes no newer key with it, wherever in a write it stops',
  },
  {
    threat: 'stop or starve a writer',
    flaw: 'a lock is broken because nobody here has its process number',
    file: 'src/node/file-lock.ts',
    find: 'if (!pid || itsPlace !== place) return false;',
    replace: 'if (!pid) return false;',
    namedIn: turns,
    test: 'is respected by a writer that does not see its process',
  },
  {
    threat: 'start the program with an odd `HOME`',
    flaw: 'a relative home is taken',
    file: 'src/node/config-folder.ts',
    find: 'return path && isAbsolute(path) ? path : undefined;',
    replace: 'return path || undefined;',
    namedIn: 'test/node/config-folder.test.ts',
    test: "is in the home folder of the system's list of users on %s with %j",
  },
  {
    threat: 'start the program with an odd `HOME`',
    flaw: 'the umask decides who can use the folder',
    file: files,
    find: 'await chmod(folder, 0o700).catch(() => {});',
    replace: '',
    namedIn: turns,
    test: '%s everything is usable, for its owner only',
  },
  {
    threat: 'put a text into the file that controls the terminal',
    flaw: 'any stored text is taken for a token',
    file: 'src/engine/stored.ts',
    find: "(text) => typeof text === 'string' && isHeaderSafe(text));",
    replace: "(text) => typeof text === 'string');",
    namedIn: keptToken,
    test: 'is never printed raw: %s',
  },
  {
    threat: 'fill the disk',
    flaw: 'a token that cannot be stored is given up',
    file: 'src/cli/commands/keep-token-anyway.ts',
    find: 'const folder = await keepElsewhere(credentials, internals);',
    replace: "const folder = '/';",
    namedIn: keptToken,
    test: 'ends with 4 where the token cannot be stored, and says how to get it',
  },
];
