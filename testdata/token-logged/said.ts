import jwt from 'jsonwebtoken';

export function issue(user: any) {
  const token = jwt.sign({ sub: user.id }, process.env.JWT_SECRET!, { algorithm: 'HS512', expiresIn: '15m' });
  console.log('issued', token); // finding: token-logged
  console.log('issued', !!token, Boolean(token), token.length, token.slice(-4), token ? 'yes' : 'no'); // ok: token-logged
  console.log('issued', { token: token.substring(0, 8) + '…', tokenType: 'Bearer' }); // ok: token-logged
  return token;
}

export function read(req: any) {
  console.log(req.headers['authorization']); // finding: token-logged
  console.log(req.headers['user-agent']); // ok: token-logged
  console.log('nextPageToken', req.query.nextPageToken, req.query.cancelToken); // ok: token-logged
  console.log(`password of ${req.body.passwordLength} characters`); // ok: token-logged
}

export function lex(text: string) {
  for (const token of text.split(' ')) {
    console.log(token); // ok: token-logged
  }
}

export function usage(tokens: { prompt: number }, tokenCount: number) {
  console.log(tokens, tokenCount, tokens.prompt); // ok: token-logged
}
