import type { SnapshotFrom } from 'xstate';
import type { pinAuthMachine } from '../../machines/pin-auth.ts';
import type { Pin } from '../pin.ts';
import type { PinLinks, Wire } from '../ports.ts';
import type { PlexAuthStatus, PlexAuthView } from '../view.ts';

/** Gives the addresses of a PIN's pages. */
export type LinksOf = (pin: Pin) => PinLinks;

const noLinks: PinLinks = { authURL: '', linkURL: '', qrURL: '' };

/**
 * Makes a {@link LinksOf} that asks the wire once per PIN, since every view of that PIN needs them.
 *
 * @param onError Called if the wire throws; the links are empty then.
 */
export function createLinkCache(wire: Wire, onError: (error: unknown) => void): LinksOf {
  let linkedPin: Pin | undefined;
  let links: PinLinks;
  return (pin) => {
    if (pin !== linkedPin) {
      linkedPin = pin;
      try {
        links = wire.linksOf(pin);
      } catch (error) {
        links = noLinks;
        onError(error);
      }
    }
    return links;
  };
}

/** Says what a snapshot of the chart means to a user interface. */
export function toView(
  { value, context }: Pick<SnapshotFrom<typeof pinAuthMachine>, 'context'> & { value: object | string },
  linksOf: LinksOf,
): PlexAuthView {
  const status = (typeof value === 'string' ? value : Object.keys(value)[0]) as PlexAuthStatus;
  const { pin, expiresAtMs, credentials, reason, error, lastError } = context;
  const view = {
    status,
    ...((status === 'awaitingLink' || status === 'fetchingToken') &&
      pin && { code: pin.code, ...linksOf(pin), expiresAtMs }),
    ...(status === 'authenticated' && credentials),
    ...((status === 'idle' || status === 'expired') && reason && { reason }),
    ...(status === 'failed' && { error }),
    ...(lastError && { lastError }),
  };
  return view as PlexAuthView;
}

/** Whether two views say the same. Their fields are texts, numbers and objects that are replaced, never changed. */
export function isSameView(one: object, other: object): boolean {
  const entries = Object.entries(one);
  const fields = other as Partial<Record<string, unknown>>;
  return (
    entries.length === Object.keys(other).length && entries.every(([name, value]) => fields[name] === value)
  );
}
