export const ISSUER = 'https://id.platform.example';
export const INTERNAL_SECRET = process.env.INTERNAL_SECRET as string;
