export { issueToken } from './issue';
export { verifyToken, type VerifyInput } from './verify';
export * from './constants';
