export const lifetime = { access: 60 * 60 * 8, refresh: '7d' };
