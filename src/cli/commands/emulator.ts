import { once } from 'node:events';
import { createPlexEmulator, type PlexEmulator, servePlexEmulator } from '../../emulator/index.ts';
import type { CommandHost } from '../host/command-host.ts';
import { toListenError } from '../host/listen-error.ts';
import { programCall } from '../host/program-call.ts';
import { glyphsOf } from '../screens/glyphs.ts';
import { exitCode } from './exit-code.ts';

export interface EmulatorCommandOptions {
  /** 0 takes any free one. */
  readonly port: number;
  readonly approveAfterMs: number | undefined;
}

/** Serves an emulated plex.tv until the command is interrupted, which is its normal end. */
export async function emulator(options: EmulatorCommandOptions, host: CommandHost): Promise<number> {
  const { port, approveAfterMs } = options;
  const inner = createPlexEmulator({ ...(approveAfterMs !== undefined && { approveAfterMs }) });
  const served = await listen(withLog(inner, host), port);
  try {
    host.stdout.write(toWelcomeText(served.url, options, host));
    if (!host.signal.aborted) await once(host.signal, 'abort');
  } finally {
    await served.close();
  }
  return exitCode.done;
}

async function listen(emulator: PlexEmulator, port: number): ReturnType<typeof servePlexEmulator> {
  try {
    return await servePlexEmulator({ emulator, port });
  } catch (error) {
    throw toListenError(error, port);
  }
}

/** Writes a line for each answer, without tokens, codes and queries. */
function withLog(emulator: PlexEmulator, host: CommandHost): PlexEmulator {
  const handle: PlexEmulator['handle'] = async (request) => {
    const response = await emulator.handle(request);
    const path = toLoggedPath(request.url, glyphsOf(host).ellipsis);
    host.stdout.write(`${request.method} ${path} ${response.status}\n`);
    return response;
  };
  return Object.create(emulator, { handle: { value: handle } }) as PlexEmulator;
}

/** Gives the path without query and without a code in it. */
export function toLoggedPath(url: string, ellipsis: string): string {
  return new URL(url).pathname.replace(/^(\/api\/v2\/pins\/qr\/).+/, `$1${ellipsis}`);
}

function toWelcomeText(url: string, { approveAfterMs }: EmulatorCommandOptions, host: CommandHost): string {
  const { bold, dim } = host.palette;
  const approval =
    approveAfterMs === undefined
      ? 'Approve on the consent page, or type the code on the code page.'
      : `Each code is approved automatically after ${approveAfterMs / 1000} s.`;
  const lines = [
    `An emulated Plex answers at ${bold(url)}. It is not plex.tv: one made-up user, kept in memory.`,
    '',
    `  Overview      ${url}/`,
    `  Consent page  ${url}/auth`,
    `  Code page     ${url}/link`,
    `  Terminal      ${programCall} login --server-url ${url}`,
    `  Code          createPlexAuth({ product, serverURL: '${url}', authAppURL: '${url}/auth', linkURL: '${url}/link' })`,
    `  Server code   createPlexAuthServer({ ${glyphsOf(host).ellipsis}, serverURL: '${url}', authAppURL: '${url}/auth', linkURL: '${url}/link' })`,
    '',
    approval,
    dim('Ctrl-C stops it.'),
    '',
  ];
  return lines.map((line) => `${line}\n`).join('');
}
