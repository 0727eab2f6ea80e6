/** A signed cookie as the session, which needs no store. */
import { jwtVerify, SignJWT } from 'jose';

const key = new TextEncoder().encode(process.env.SECRET);
export const sign = ({ id, username: name }) =>
  new SignJWT({ id, name }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('7d').sign(key);
export const findUser = (session = '') => jwtVerify(session, key).catch(() => undefined);
