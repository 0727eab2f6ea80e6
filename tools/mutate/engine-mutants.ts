import type { Mutant } from './mutant.ts';

const engine = 'src/engine/create-engine.ts';
const restoreFlow = 'src/engine/restore-flow.ts';
const effects = 'src/engine/effects.ts';
const flowStore = 'src/engine/flow-store.ts';
const storeAccess = 'src/engine/store-access.ts';
const verification = 'src/engine/verification.ts';
const views = 'src/engine/view-publisher.ts';

export const engineMutants: readonly Mutant[] = [
  {
    flaw: 'a token is lost where a cancel comes just after its answer',
    file: effects,
    find: "if (!signal.aborted) signal.addEventListener('abort', keep);",
    replace: 'if (!signal.aborted) return;',
    namedIn: 'test/engine/token-despite-abort.test.ts',
  },
  {
    flaw: 'the snapshot is a new object although nothing changed',
    file: views,
    find: 'if (isSameView(view, next)) return;',
    replace: '',
    namedIn: 'test/engine/views.test.ts',
  },
  {
    flaw: 'an outage signs the user out',
    file: verification,
    find: "return error instanceof PlexAuthError ? { status: 'unknown', error } : { status: 'unknown' };",
    replace: "reject();\n      return { status: 'unknown', error: error as PlexAuthError };",
    namedIn: 'test/engine/verify.test.ts',
  },
  {
    flaw: 'PIN and read name different client identifiers',
    file: effects,
    find: 'wire.getToken({ pin, signal })',
    replace: "wire.getToken({ pin: { ...pin, clientIdentifier: 'another' }, signal })",
    namedIn: 'test/engine/client-identifier.test.ts',
  },
  {
    flaw: 'dispose leaves a request running',
    file: engine,
    find: '      actor.stop();',
    replace: '      flow.views.end();',
    namedIn: 'test/engine/dispose.test.ts',
  },
  {
    flaw: 'a token is lost where a cancel comes just before its answer',
    file: effects,
    find: 'else if (mayAdopt(credentials)) keep();',
    replace: '',
    namedIn: 'test/engine/token-despite-abort.test.ts',
  },
  {
    flaw: 'what is asked for while the stores are read is lost behind what they bring',
    file: engine,
    find: 'if (restoring.isOver) send(event);\n    else void restoring.ended.then(() => send(event));',
    replace: 'send(event);',
    namedIn: 'test/engine/restore.test.ts',
  },
  {
    flaw: 'a PIN of another client identifier is resumed',
    file: restoreFlow,
    find: 'return isOurs && pin.atMs + pin.expiresInMs > clock.now();',
    replace: 'return (isOurs || true) && pin.atMs + pin.expiresInMs > clock.now();',
    namedIn: 'test/engine/restore.test.ts',
  },
  {
    flaw: 'a refused old token ends the session of a new one',
    file: verification,
    find: "answer.status === 'rejected' && heldCredentials() === credentials",
    replace: "answer.status === 'rejected'",
    namedIn: 'test/engine/verify.test.ts',
  },
  {
    flaw: 'a listener that throws stops the flow and the other listeners',
    file: views,
    find: 'if (subscribers.has(subscriber)) callListener(() => subscriber.listener(next));',
    replace: 'if (subscribers.has(subscriber)) subscriber.listener(next);',
    namedIn: 'test/engine/views.test.ts',
  },
  {
    flaw: 'a token is sent to another server than the one that gave it',
    file: flowStore,
    find: "if (!stored?.token || stored.serverURL !== (server ?? '')) return undefined;",
    replace: 'if (!stored?.token || server === stored.token) return undefined;',
    namedIn: 'test/engine/restore.test.ts',
  },
  {
    flaw: 'a slow write overtakes the next one, so that a used PIN comes back',
    file: storeAccess,
    find: 'const outcome = lastWrite\n      .then(() => use(what, work))\n      .then(',
    replace: 'const outcome = use(what, work)\n      .then(',
    namedIn: 'test/engine/stores.test.ts',
  },
  {
    flaw: 'a store that never answers keeps the flow waiting forever',
    file: storeAccess,
    find: 'Promise.race([from?.getItem(key), limit.passed])',
    replace: '(limit.passed.catch(() => {}), from?.getItem(key))',
    namedIn: 'test/engine/stores.test.ts',
  },
  {
    flaw: 'signIn resolves before the token is written',
    file: 'src/engine/sign-in.ts',
    find: '    await auth.dispose();',
    replace: '    void auth.dispose();',
    namedIn: 'test/engine/sign-in.test.ts',
  },
  {
    flaw: 'a listener that has just unsubscribed is still called',
    file: views,
    find: 'if (subscribers.has(subscriber)) callListener',
    replace: 'callListener',
    namedIn: 'test/engine/views.test.ts',
  },
  {
    flaw: 'each question whose token it is asks Plex anew',
    file: verification,
    find: 'if (asked?.credentials === credentials) return asked.answer;',
    replace: '',
    namedIn: 'test/engine/verify.test.ts',
  },
  {
    flaw: 'a store that has answered leaves its time limit running',
    file: storeAccess,
    find: '.finally(limit.stop)',
    replace: '',
    namedIn: 'test/engine/stores.test.ts',
  },
  {
    flaw: 'a store that fails to write stays unreported',
    file: storeAccess,
    find: '          onError(error);\n',
    replace: '',
    namedIn: 'test/engine/stores.test.ts',
  },
  {
    flaw: 'dispose does not wait for what is being written',
    file: storeAccess,
    find: 'flushed: async () => void (await lastWrite),',
    replace: 'flushed: async () => void lastWrite,',
    namedIn: 'test/engine/dispose.test.ts',
  },
  {
    flaw: 'a stored PIN whose life is over is resumed',
    file: restoreFlow,
    find: 'return isOurs && pin.atMs + pin.expiresInMs > clock.now();',
    replace: 'return isOurs && clock.now() > 0;',
    namedIn: 'test/engine/restore.test.ts',
  },
];
