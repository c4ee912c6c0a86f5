export const AUDIENCE = 'billing';
