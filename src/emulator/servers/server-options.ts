import { requireKnownFields, requireOption, requireType } from '../../require-option.ts';
import { findPerson, type People, type Person } from '../people/person.ts';

/** A Plex Media Server of one of the people. Nothing listens at its addresses. */
export interface EmulatedServerOptions {
  name: string;
  /** What the server calls itself. Default: 40 hexadecimal digits, the same for the same place in the list. */
  machineIdentifier?: string;
  /** The name of the person whose server it is. Default: the first person. */
  owner?: string;
  /** The names of those with whom the owner shares it. Default: nobody. */
  sharedWith?: readonly string[];
  /** Whether the members of the owner's Plex Home reach it. Default: true. */
  isSharedWithHome?: boolean;
}

/** A server, as the emulator has it. */
export interface EmulatedServer {
  readonly name: string;
  readonly machineIdentifier: string;
  readonly owner: Person;
  /** The people with whom the owner shares it. It changes as shares come and go. */
  readonly sharedWith: Set<Person>;
  readonly isSharedWithHome: boolean;
}

const fields = ['name', 'machineIdentifier', 'owner', 'sharedWith', 'isSharedWithHome'];
const defaultServers: readonly EmulatedServerOptions[] = [{ name: 'Emulated Server' }];

/** Checks the servers. @throws {TypeError} For a value out of its range, naming the option. */
export function readServers(
  servers: readonly EmulatedServerOptions[] = defaultServers,
  people: People,
): readonly EmulatedServerOptions[] {
  requireOption(Array.isArray(servers), 'servers', 'a list');
  const checked = createServers(servers, people);
  for (const field of ['name', 'machineIdentifier'] as const) {
    const values = new Set(checked.map((server) => server[field]));
    requireOption(values.size === checked.length, 'servers', `a list without a ${field} in it twice`);
  }
  return servers;
}

/** Makes the servers anew, so that no emulator changes the shares of another one. */
export function createServers(servers: readonly EmulatedServerOptions[], people: People): EmulatedServer[] {
  return [...servers].map((server, at) => toServer(server, at, people));
}

function toServer(server: EmulatedServerOptions, at: number, people: People): EmulatedServer {
  const option = `servers[${at}]`;
  requireOption(typeof server === 'object' && server !== null, option, 'an object');
  requireKnownFields(`${option}.`, server, fields);
  const { name, machineIdentifier = toIdentifier(at), sharedWith = [], isSharedWithHome = true } = server;
  const isText = (value: unknown) => typeof value === 'string' && value.trim() !== '';
  requireOption(isText(name), `${option}.name`, 'a text that is not empty');
  requireOption(isText(machineIdentifier), `${option}.machineIdentifier`, 'a text that is not empty');
  requireOption(Array.isArray(sharedWith), `${option}.sharedWith`, 'a list of names');
  requireType(`${option}.isSharedWithHome`, isSharedWithHome, 'boolean');
  const owner = findPerson(people, `${option}.owner`, server.owner ?? people[0].name);
  const shared = [...sharedWith].map((one) => findPerson(people, `${option}.sharedWith`, one));
  for (const person of shared) requireNotOwner(`${option}.sharedWith`, owner, person);
  return { name, machineIdentifier, owner, sharedWith: new Set(shared), isSharedWithHome };
}

/** Requires a person with whom the owner can share a server. @throws {TypeError} Naming the option. */
export function requireNotOwner(option: string, owner: Person, person: Person): void {
  requireOption(person !== owner, option, 'somebody else than the owner');
}

function toIdentifier(at: number): string {
  return (0xc0ffee00c0ffee00c0ffee00c0ffee00c0ffee00n + BigInt(at)).toString(16);
}
