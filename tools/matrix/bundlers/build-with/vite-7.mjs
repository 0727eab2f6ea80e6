import { build } from 'vite-7';
import { runViteJobs } from './run-vite-jobs.mjs';

await runViteJobs(build);
