import webpack from 'webpack';
import { runWebpackJobs } from './run-webpack-jobs.mjs';

await runWebpackJobs(webpack);
