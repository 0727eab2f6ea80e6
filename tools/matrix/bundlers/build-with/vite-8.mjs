import { build } from 'vite-8';
import { runViteJobs } from './run-vite-jobs.mjs';

await runViteJobs(build);
