import { lastOf } from './from-the-end.ts';
import type { EventEntry, SignIn } from './history-entry.ts';
import { textIn } from './message-reader.ts';

export interface KnownActor {
  readonly createdAt: string;
  readonly name: string;
  /** The sign-in that it is. */
  readonly signIn: SignIn | undefined;
  /** The sign-in that created it. */
  readonly owner: SignIn | undefined;
  state: string | undefined;
  /** Events whose outcome is not known yet. */
  readonly pendingEvents: EventEntry[];
}

/** The actors that messages are about, and which of them are sign-ins. */
export interface ActorRegistry {
  /** Oldest first. */
  readonly signIns: readonly SignIn[];
  find(sessionID: string | undefined): KnownActor | undefined;
  /** Adds the actor that a message is about, in place of an earlier one of its id. */
  add(sessionID: string, message: object): KnownActor;
  remove(sessionID: string): void;
}

const mostActors = 1000;
const mostSignIns = 100;
const longestDefinition = 1_000_000;

export function createActorRegistry(intern: (text: string) => string): ActorRegistry {
  const actors = new Map<string, KnownActor>();
  const signIns: SignIn[] = [];

  function addSignIn(createdAt: string, parentName: string | undefined): SignIn {
    const signIn = createSignIn((lastOf(signIns)?.number ?? 0) + 1, createdAt, parentName);
    signIns.push(signIn);
    if (signIns.length > mostSignIns) signIns.shift();
    return signIn;
  }

  /** Each poll brings an actor of its own. Sign-ins are dropped last. */
  function dropOldest(): void {
    const [oldest] = [...actors].find(([, { signIn }]) => !signIn) ?? [...actors.keys()];
    if (typeof oldest === 'string') actors.delete(oldest);
  }

  return {
    signIns,
    find: (sessionID = '') => actors.get(sessionID),
    add(sessionID, message) {
      const createdAt = textIn(message, 'createdAt') ?? '';
      const parent = actors.get(textIn(message, 'parentId') ?? '');
      const name = intern(textIn(message, 'name') ?? sessionID);
      const isSignIn = name === 'pinAuth' || idOfMachine(message) === 'pinAuth';
      const signIn = isSignIn ? addSignIn(createdAt, parent?.name) : undefined;
      if (actors.size >= mostActors) dropOldest();
      const owner = parent?.signIn;
      const actor: KnownActor = { createdAt, name, signIn, owner, state: undefined, pendingEvents: [] };
      actors.set(sessionID, actor);
      return actor;
    },
    remove: (sessionID) => void actors.delete(sessionID),
  };
}

function createSignIn(number: number, createdAt: string, parentName: string | undefined): SignIn {
  return {
    number,
    parentName,
    startMs: Number(createdAt) || 0,
    isStarted: false,
    state: undefined,
    openPoll: undefined,
    pollRun: undefined,
  };
}

/** The id in the machine's config that a message carries. */
function idOfMachine(message: object): unknown {
  try {
    const definition = textIn(message, 'definition', longestDefinition);
    return (JSON.parse(definition ?? '{}') as { id?: unknown } | null)?.id;
  } catch {
    return undefined;
  }
}
