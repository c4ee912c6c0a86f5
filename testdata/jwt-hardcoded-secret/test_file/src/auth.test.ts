import jwt from 'jsonwebtoken';

export const token = jwt.sign({ sub: 'u1' }, 'q9V1m3Zr8sT5w7Yx2Bc4Df6Gh8Jk0Lm2', { expiresIn: '10m' }); // ok: jwt-hardcoded-secret
