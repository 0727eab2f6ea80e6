import type { Hono } from 'hono';
import type { OperationGate } from './operation-gate.ts';
import type { PlexEnv } from './plex-context.ts';
import { refusals } from './refusals.ts';
import { writeRefusal } from './write-answer.ts';

/** What plex.tv has taken out: `/api/v2/friends` in August 2026, the other two in 2024 (read 2026-11). */
const gonePaths = ['/api/v2/friends', '/api/friends', '/api/invites'];

/** Adds the answer of plex.tv where an older API was: 410, with or without a token. */
export function addGoneRoutes(app: Hono<PlexEnv>, gate: OperationGate): void {
  for (const path of gonePaths) app.all(`${path}/*`, gate('gone'), (c) => writeRefusal(c, refusals.gone));
}
