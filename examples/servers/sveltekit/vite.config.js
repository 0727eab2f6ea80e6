import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

// SvelteKit refuses forms of another address than this, which is fixed when the app is built.
const { BASE_URL: origin = 'http://localhost:3000' } = process.env;
export default defineConfig({ plugins: [sveltekit({ adapter: adapter(), paths: { origin } })] });
