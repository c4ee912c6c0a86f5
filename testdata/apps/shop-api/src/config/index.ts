import 'dotenv/config';

export const config = {
  port: Number(process.env.PORT ?? 3000),
  jwt: {
    secret: process.env.JWT_SECRET || 'shop-secret',
    refreshSecret: process.env.JWT_REFRESH_SECRET as string,
    expiresIn: '7d',
    issuer: 'https://auth.shop.example',
    audience: 'shop-api',
  },
  warehouse: {
    publicKey: process.env.WAREHOUSE_PUBLIC_KEY as string,
  },
  partner: {
    publicKey: process.env.PARTNER_PUBLIC_KEY as string,
    issuer: 'https://partner.example',
    audience: 'shop-partners',
  },
};
