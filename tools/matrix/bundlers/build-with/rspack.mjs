import { rspack } from '@rspack/core';
import { runWebpackJobs } from './run-webpack-jobs.mjs';

await runWebpackJobs(rspack);
