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
  partner: {
    publicKey: process.env.PARTNER_PUBLIC_KEY as string,
    issuer: 'https://partner.example',
    audience: 'shop-partners',
  },
};
