import 'dotenv/config';
import { readFileSync } from 'node:fs';

function required(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set`);
  }
  return value;
}

export const config = {
  port: Number(process.env.PORT ?? 3000),
  jwt: {
    privateKey: readFileSync(required('JWT_PRIVATE_KEY_FILE'), 'utf8'),
    publicKey: readFileSync(required('JWT_PUBLIC_KEY_FILE'), 'utf8'),
    refreshSecret: required('JWT_REFRESH_SECRET'),
    expiresIn: '10m',
    issuer: 'https://auth.shop.example',
    audience: 'shop-api',
  },
  warehouse: {
    publicKey: required('WAREHOUSE_PUBLIC_KEY'),
    issuer: 'https://id.company.example',
  },
  partner: {
    publicKey: required('PARTNER_PUBLIC_KEY'),
    issuer: 'https://partner.example',
    audience: 'shop-partners',
  },
};
