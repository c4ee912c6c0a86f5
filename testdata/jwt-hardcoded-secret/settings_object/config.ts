import { fallback } from './defaults';

export default {
  jwt: { secret: process.env.JWT_SECRET ?? fallback },
};
