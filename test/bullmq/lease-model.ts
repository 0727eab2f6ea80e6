/**
 * One flow, two workers and Redis as a small model. A search takes every order of what can happen: a job taken, a fence
 * raised, a read sent and answered, a token or an end written, a lock renewed or run out, a worker paused or killed.
 */

/** What a worker knows and does. */
interface Worker {
  /** `leased`: it has the job, and not the fence yet. */
  readonly stage: 'free' | 'leased' | 'owner';
  /** Whether the fence that it was given is still the newest. */
  readonly hasFence: boolean;
  /** Whether its own time says that the lock is held. */
  readonly isLeaseHeld: boolean;
  readonly isPaused: boolean;
  readonly pausesLeft: number;
  readonly isDead: boolean;
  /** Whether it asks for the flow. */
  readonly hasFlow: boolean;
  /** Its read: on its way to Plex, or its answer on its way back. */
  readonly read: 'none' | 'sent' | 'pending' | 'token' | 'gone';
  /** What it has to write. */
  readonly unwritten: 'nothing' | 'end' | 'token';
}

/** Everything there is. */
export interface World {
  readonly workers: readonly [Worker, Worker];
  readonly lock: number | undefined;
  /** Who raised the fence last. */
  readonly owner: number | undefined;
  readonly flow: 'waits' | 'ended' | 'handled';
  readonly hasToken: boolean;
  readonly isTokenHandled: boolean;
  readonly approval: 'none' | 'approved' | 'handed out';
}

/** What a rule of the model can be broken by. */
export type Fault =
  | 'no fence'
  | 'the token is fenced'
  | 'no time of its own'
  | 'the fence stays'
  | 'the lock never runs out';

/** One thing that can happen. */
export interface Move {
  readonly name: string;
  readonly next: World;
  /** What it breaks. */
  readonly breach?: string | undefined;
}

const free: Worker = {
  stage: 'free',
  hasFence: false,
  isLeaseHeld: false,
  isPaused: false,
  pausesLeft: 1,
  isDead: false,
  hasFlow: false,
  read: 'none',
  unwritten: 'nothing',
};

export const firstWorld: World = {
  workers: [free, free],
  lock: undefined,
  owner: undefined,
  flow: 'waits',
  hasToken: false,
  isTokenHandled: false,
  approval: 'none',
};

/** All that can happen next. */
export function movesOf(world: World, fault?: Fault): Move[] {
  return [0, 1].flatMap((index) => movesOfWorker(world, index, fault)).concat(movesOfOthers(world));
}

function movesOfOthers(world: World): Move[] {
  const moves: Move[] = [];
  if (world.approval === 'none')
    moves.push({ name: 'the user approves', next: { ...world, approval: 'approved' } });
  if (world.hasToken)
    moves.push({
      name: 'the token is handled',
      next: { ...world, hasToken: false, flow: 'handled', isTokenHandled: true },
    });
  else if (world.flow === 'ended')
    moves.push({ name: 'the end is handled', next: { ...world, flow: 'handled' } });
  return moves;
}

/** One worker in its world, and how it changes both. */
interface Turn {
  readonly world: World;
  readonly index: number;
  readonly worker: Worker;
  readonly fault: Fault | undefined;
  set(change: Partial<Worker>, rest?: Partial<World>): World;
  can(does: string, next: World, breach?: string | false): void;
}

const lost: Partial<Worker> = { stage: 'free', isLeaseHeld: false, hasFlow: false };

function movesOfWorker(world: World, index: number, fault: Fault | undefined): Move[] {
  const worker = world.workers[index] as Worker;
  const moves: Move[] = [];
  const turn: Turn = {
    world,
    index,
    worker,
    fault,
    set: (change, rest) => {
      const workers = world.workers.map((one, at) => (at === index ? { ...one, ...change } : one));
      return { ...world, workers: workers as unknown as World['workers'], ...rest };
    },
    can: (does, next, breach) =>
      moves.push({ name: `worker ${index} ${does}`, next, breach: breach || undefined }),
  };
  addWhatHappensToIt(turn);
  if (worker.isPaused && !worker.isDead) turn.can('goes on', turn.set({ isPaused: false }));
  if (worker.isPaused || worker.isDead) return moves;
  addEnds(turn);
  addLeases(turn);
  addReads(turn);
  addWrites(turn);
  return moves;
}

/** Plex answers and time passes, whether the worker runs or not. */
function addWhatHappensToIt({ world, index, worker, fault, set, can }: Turn): void {
  if (worker.read === 'sent') {
    const answers = { none: 'pending', approved: 'token', 'handed out': 'gone' } as const;
    const read = answers[world.approval];
    can(`is answered ${read}`, set({ read }, read === 'token' ? { approval: 'handed out' } : {}));
  }
  if (world.lock !== index || fault === 'the lock never runs out') return;
  // Its own time runs out first: it counts from when the renewal was sent.
  const own = fault === 'no time of its own' ? {} : { isLeaseHeld: false };
  can('loses its lock by time', set(own, { lock: undefined }));
}

function addEnds({ world, index, worker, set, can }: Turn): void {
  if (worker.pausesLeft > 0) can('is paused', set({ isPaused: true, pausesLeft: worker.pausesLeft - 1 }));
  // A token that only a dead process has read is lost, whatever anybody does.
  const mayHaveToken = worker.read === 'sent' || worker.read === 'token' || worker.unwritten === 'token';
  const isOtherAlive = !(world.workers[1 - index] as Worker).isDead;
  if (!mayHaveToken && isOtherAlive)
    can('is killed', set({ ...lost, hasFence: false, isDead: true, read: 'none', unwritten: 'nothing' }));
}

function addLeases({ world, index, worker, fault, set, can }: Turn): void {
  if (worker.stage === 'free' && world.lock === undefined && world.flow === 'waits')
    can('takes the job', set({ stage: 'leased', isLeaseHeld: true }, { lock: index }));
  if (worker.stage === 'leased') {
    const own: Worker = {
      ...worker,
      stage: 'owner',
      hasFence: true,
      hasFlow: world.flow === 'waits' && !world.hasToken,
    };
    const other = world.workers[1 - index] as Worker;
    const staled = fault === 'the fence stays' ? other : { ...other, hasFence: false };
    const workers = index === 0 ? ([own, staled] as const) : ([staled, own] as const);
    can('raises the fence', { ...world, workers, owner: index });
  }
  if (worker.stage === 'free') return;
  if (world.lock === index) can('renews its lock', set({ isLeaseHeld: true }));
  else can('learns that its lock is lost', set(lost));
}

function addReads({ world, index, worker, set, can }: Turn): void {
  const mayRead = worker.hasFlow && worker.read === 'none' && worker.unwritten === 'nothing';
  if (mayRead && worker.isLeaseHeld)
    can('sends a read', set({ read: 'sent' }), world.lock !== index && 'a read without the lock');
  if (worker.read === 'pending') can('takes "not yet"', set({ read: 'none' }));
  if (worker.read === 'gone') {
    const isEnd = worker.hasFlow && worker.unwritten === 'nothing';
    can('takes "gone"', set({ read: 'none', ...(isEnd && { hasFlow: false, unwritten: 'end' }) }));
  }
  if (worker.read === 'token')
    can('takes the token', set({ read: 'none', hasFlow: false, unwritten: 'token' }));
}

function addWrites({ world, index, worker, fault, set, can }: Turn): void {
  if (worker.unwritten === 'token') {
    const isDropped = fault === 'the token is fenced' && !worker.hasFence;
    if (isDropped) can('drops the token', set({ unwritten: 'nothing' }));
    else can('writes the token', set({ unwritten: 'nothing' }, { hasToken: true }));
  }
  if (worker.unwritten !== 'end') return;
  if (!worker.hasFence && fault !== 'no fence') {
    can(
      'is refused',
      set({ ...lost, unwritten: 'nothing' }, world.lock === index ? { lock: undefined } : {}),
    );
    return;
  }
  const flow = world.flow === 'waits' ? 'ended' : world.flow;
  can('writes the end', set({ unwritten: 'nothing' }, { flow }), world.owner !== index && 'a stale write');
}

/** What must hold in every world. @returns What does not. */
export function breachIn({ workers, approval, hasToken, isTokenHandled }: World): string | undefined {
  const isOnItsWay = workers.some(({ read, unwritten }) => read === 'token' || unwritten === 'token');
  if (approval === 'handed out' && !hasToken && !isTokenHandled && !isOnItsWay) return 'the token is lost';
  return undefined;
}
