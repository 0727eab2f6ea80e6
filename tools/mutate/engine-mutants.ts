import type { Mutant } from './mutant.ts';

const engine = 'src/engine/create-plex-auth.ts';
const flowStore = 'src/engine/flow-store.ts';

export const engineMutants: readonly Mutant[] = [
  {
    flaw: 'a token is lost where a cancel comes just after its answer',
    file: engine,
    find: "if (!signal.aborted) signal.addEventListener('abort', keep);",
    replace: 'if (!signal.aborted) return;',
    namedIn: 'test/engine/token-despite-abort.test.ts',
  },
  {
    flaw: 'the snapshot is a new object although nothing changed',
    file: engine,
    find: 'if (isSameView(view, next)) return;',
    replace: '',
    namedIn: 'test/engine/views.test.ts',
  },
  {
    flaw: 'an outage signs the user out',
    file: engine,
    find: "return error instanceof PlexAuthError ? { status: 'unknown', error } : { status: 'unknown' };",
    replace:
      "send({ type: 'REJECTED' });\n      return { status: 'unknown', error: error as PlexAuthError };",
    namedIn: 'test/engine/verify.test.ts',
  },
  {
    flaw: 'PIN and read name different client identifiers',
    file: engine,
    find: 'client.getToken({ pinID, clientIdentifier, signal })',
    replace: "client.getToken({ pinID, clientIdentifier: clientIdentifier + '2', signal })",
    namedIn: 'test/engine/client-identifier.test.ts',
  },
  {
    flaw: 'dispose leaves what is out running',
    file: engine,
    find: '      actor.stop();',
    replace: '      end();',
    namedIn: 'test/engine/dispose.test.ts',
  },
  {
    flaw: 'a token is lost where a cancel comes just before its answer',
    file: engine,
    find: "else if (life.signal.aborted || actor.getSnapshot().can({ type: 'RESTORE', credentials })) keep();",
    replace: '',
    namedIn: 'test/engine/token-despite-abort.test.ts',
  },
  {
    flaw: 'what is asked for while the stores are read is lost behind what they bring',
    file: engine,
    find: 'if (restoring) void restoring.then(() => send(event));\n    else send(event);',
    replace: 'send(event);',
    namedIn: 'test/engine/restore.test.ts',
  },
  {
    flaw: 'a PIN of another client identifier is resumed',
    file: engine,
    find: 'const isOurs = pin && (options.clientIdentifier ?? pin.clientIdentifier) === pin.clientIdentifier;',
    replace: 'const isOurs = pin;',
    namedIn: 'test/engine/restore.test.ts',
  },
  {
    flaw: 'a refused old token ends the session of a new one',
    file: engine,
    find: "answer.status === 'rejected' && actor.getSnapshot().context.credentials === credentials",
    replace: "answer.status === 'rejected'",
    namedIn: 'test/engine/verify.test.ts',
  },
  {
    flaw: 'a listener that throws stops the flow and the other listeners',
    file: engine,
    find: 'if (listeners.has(listener)) contained(() => listener.next(next));',
    replace: 'if (listeners.has(listener)) listener.next(next);',
    namedIn: 'test/engine/views.test.ts',
  },
  {
    flaw: 'a token is sent to another server than the one that gave it',
    file: flowStore,
    find: "if (!kept?.token || kept.serverURL !== (server ?? '')) return undefined;",
    replace: 'if (!kept?.token || server === kept.token) return undefined;',
    namedIn: 'test/engine/restore.test.ts',
  },
  {
    flaw: 'a slow write overtakes the next one, so that a used PIN comes back',
    file: flowStore,
    find: 'writes = writes.then(() => use(what, work)).then(() => {}, onError);',
    replace: 'writes = Promise.all([writes, use(what, work).then(() => {}, onError)]).then(() => {});',
    namedIn: 'test/engine/stores.test.ts',
  },
  {
    flaw: 'a store that never answers keeps the flow waiting for ever',
    file: flowStore,
    find: 'Promise.race([from?.getItem(key), late])',
    replace: '(late.catch(() => {}), from?.getItem(key))',
    namedIn: 'test/engine/stores.test.ts',
  },
  {
    flaw: 'signIn resolves before the token is written',
    file: 'src/engine/sign-in.ts',
    find: '    await auth.dispose();',
    replace: '    void auth.dispose();',
    namedIn: 'test/engine/sign-in.test.ts',
  },
];
