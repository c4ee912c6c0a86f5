export const ISSUER = 'https://id.example';
