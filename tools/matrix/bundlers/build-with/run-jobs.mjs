/**
 * Runs what one bundler is to build, one job after another. Each file beside this one is copied into the folder in which its
 * bundler is installed, and started there with the jobs as JSON.
 */
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} Job
 * @property {Record<string, string>} inputs The files to start from, by name.
 * @property {string} outFolder Where the bundles belong.
 * @property {'page' | 'server'} target
 */

/** What a server's users have installed, and a bundler for servers leaves out. */
export const ownedByUser = ['better-auth', 'bullmq', 'ioredis', 'undici'];

/** Whether a bundle for a server leaves a package out. @param {string} id What is imported. */
export const isOwnedByUser = (id) => ownedByUser.some((name) => id === name || id.startsWith(`${name}/`));

/** @param {(job: Job) => Promise<string[]>} build Gives every warning and error. */
export async function runJobs(build) {
  const jobs = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  const complaints = [];
  for (const job of jobs) {
    try {
      complaints.push(await build(job));
    } catch (error) {
      complaints.push([String(error.message ?? error)]);
    }
  }
  process.stdout.write(`\n${JSON.stringify(complaints)}\n`, () => process.exit());
}
