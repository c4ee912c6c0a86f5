import jwt from 'jsonwebtoken';

const secret = process.env.JWT_SECRET ?? 'q9V1m3Zr8sT5w7Yx2Bc4Df6Gh8Jk0Lm2'; // todo-ok: jwt-hardcoded-secret
if (secret === 'q9V1m3Zr8sT5w7Yx2Bc4Df6Gh8Jk0Lm2') {
  throw new Error('set JWT_SECRET');
}

export const token = (id: string) => jwt.sign({ sub: id }, secret, { expiresIn: '10m' });
