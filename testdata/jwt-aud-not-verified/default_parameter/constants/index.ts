export { AUDIENCE } from './audience';
export * from './issuer';
