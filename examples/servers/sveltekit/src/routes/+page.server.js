import { findUser } from '../session.js';

export const load = async ({ cookies }) => ({ user: await findUser(cookies.get('session')) });
