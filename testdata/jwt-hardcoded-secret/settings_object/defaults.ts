export { fallback } from './values';
