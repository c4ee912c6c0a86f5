import { decodeJwt, jwtVerify } from 'jose';

// The claims name the key; they are compared first, and the signature proves them afterwards.
export async function verifyUpload(token: string, keys: any) {
  const claims = decodeJwt(token);
  const key = await keys.find(claims.sub);
  if (Number(claims.aud) !== key.team || claims.iss !== 'https://id.example') {
    throw new Error('not for us');
  }
  await jwtVerify(token, key.secret); // ok: jwt-aud-not-verified ok: jwt-iss-not-verified
  return key;
}

// Another token was compared.
export async function verifyOther(first: string, second: string, key: Uint8Array) {
  const claims = decodeJwt(first);
  if (claims.aud !== 'uploads' || claims.iss !== 'https://id.example') {
    throw new Error('not for us');
  }
  return jwtVerify(second, key); // finding: jwt-aud-not-verified finding: jwt-iss-not-verified
}
