import jwt from 'jsonwebtoken';
import { login } from './login';

it('names the user', async () => {
  const claims = jwt.decode(await login('a', 'b')) as { sub: string }; // ok: jwt-signature-not-verified
  expect(claims.sub).toBe('u1');
});
