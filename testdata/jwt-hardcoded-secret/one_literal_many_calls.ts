import jwt from 'jsonwebtoken';

// One key, one finding, where the key stands: mending it here mends every call.
const secret = 'f3b1c0a7d94e4f6e8a5b2c7d1e0f9a8b'; // finding: jwt-hardcoded-secret
const contract = { issuer: 'https://id.example', audience: 'api' };

export const access = (id: string) => jwt.sign({ sub: id }, secret, { expiresIn: '10m', ...contract }); // ok: jwt-hardcoded-secret
export const read = (token: string) => jwt.verify(token, secret, { algorithms: ['HS256'], ...contract }); // ok: jwt-hardcoded-secret
