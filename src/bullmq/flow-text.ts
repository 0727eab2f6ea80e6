import * as v from 'valibot';
import { parseStoredCredentials, parseStoredPin } from '../engine/stored.ts';
import { PlexAuthError, type PlexAuthErrorCode } from '../errors.ts';
import { parseJSON } from '../json.ts';
import type { Credentials, Pin } from '../pin.ts';
import { type PlexAuthStatus, statuses } from '../view.ts';

/** What Redis keeps of a flow. Its token is kept apart from it. */
export interface SharedFlow {
  readonly id: string;
  /** The id in its events, where that is another one: its token came when its id belonged to another start. */
  readonly eventID?: string | undefined;
  readonly clientIdentifier: string;
  /** Names the call of `start` that it comes from. */
  readonly startID: string;
  /** Counts what changed. */
  readonly version: number;
  readonly status: PlexAuthStatus;
  /** Whether somebody was given a code of it. */
  readonly isShown: boolean;
  readonly renewalsLeft: number;
  readonly pin?: Pin | undefined;
  readonly expiresAtMs?: number | undefined;
  readonly giveUpAtMs?: number | undefined;
  readonly reason?: 'pin' | 'limit' | 'token' | 'cancelled' | 'signedOut' | undefined;
  readonly error?: PlexAuthError | undefined;
  readonly lastError?: PlexAuthError | undefined;
  /** In which version `lastError` came. */
  readonly errorVersion?: number | undefined;
}

/** Writes flows as texts and reads them. In a text all times are by the clock of Redis: those of the machines may differ. */
export interface FlowTexts {
  write(flow: SharedFlow): string;
  /** @returns Undefined for what is no flow. */
  read(text: string | null | undefined): SharedFlow | undefined;
}

/** @param offsetMs How far the clock of Redis is ahead of this machine's. */
export function createFlowTexts(offsetMs: () => number): FlowTexts {
  return {
    write(flow) {
      const { version, error, lastError, ...rest } = moveTimes(flow, offsetMs());
      const errors = { error: toPlain(error), lastError: toPlain(lastError) };
      return `${version}|${JSON.stringify({ ...rest, ...errors })}`;
    },
    read(text) {
      const [, version, json] = /^(0|[1-9]\d{0,14})\|(.*)$/s.exec(text ?? '') ?? [];
      const { success, output } = v.safeParse(flowSchema, parseJSON(json ?? ''));
      return success
        ? moveTimes({ ...(output as SharedFlow), version: Number(version) }, -offsetMs())
        : undefined;
    },
  };
}

/** Writes a token. It is stored as it is. */
export function writeToken({ token, clientIdentifier }: Credentials): string {
  return JSON.stringify({ token: token.reveal(), clientIdentifier });
}

/** Reads a token. */
export function readToken(text: string | null | undefined): Credentials | undefined {
  const stored = text ? parseStoredCredentials(text) : undefined;
  return stored && { token: stored.token, clientIdentifier: stored.clientIdentifier };
}

const errorSchema = v.pipe(
  v.object({
    code: v.string(),
    message: v.string(),
    atMs: v.number(),
    retryable: v.boolean(),
    status: v.optional(v.number()),
    plexCode: v.optional(v.number()),
    retryAfterMs: v.optional(v.number()),
  }),
  v.transform(
    ({ code, message, ...details }) => new PlexAuthError(code as PlexAuthErrorCode, message, details),
  ),
);

const flowSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1)),
  eventID: v.optional(v.string()),
  clientIdentifier: v.string(),
  startID: v.string(),
  status: v.picklist(statuses),
  isShown: v.boolean(),
  renewalsLeft: v.pipe(v.number(), v.integer(), v.minValue(0)),
  pin: v.pipe(v.optional(v.unknown()), v.transform(parseStoredPin)),
  expiresAtMs: v.optional(v.number()),
  giveUpAtMs: v.optional(v.number()),
  reason: v.optional(v.string()),
  error: v.optional(errorSchema),
  lastError: v.optional(errorSchema),
  errorVersion: v.optional(v.number()),
});

function moveTimes(flow: SharedFlow, byMs: number): SharedFlow {
  const { pin, expiresAtMs, giveUpAtMs, error, lastError } = flow;
  return {
    ...flow,
    pin: pin && { ...pin, atMs: Math.max(0, pin.atMs + byMs) },
    expiresAtMs: expiresAtMs && expiresAtMs + byMs,
    giveUpAtMs: giveUpAtMs && giveUpAtMs + byMs,
    error: moveError(error, byMs),
    lastError: moveError(lastError, byMs),
  };
}

function moveError(error: PlexAuthError | undefined, byMs: number): PlexAuthError | undefined {
  if (!error) return undefined;
  const { code, message, atMs, retryable, status, plexCode, retryAfterMs } = error;
  return new PlexAuthError(code, message, { atMs: atMs + byMs, retryable, status, plexCode, retryAfterMs });
}

/** JSON shows no message of an error. Its cause stays where it arose. */
function toPlain(error: PlexAuthError | undefined): object | undefined {
  return error && { ...error, message: error.message };
}
