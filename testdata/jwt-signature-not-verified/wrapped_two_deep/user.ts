import { read } from './decode';

export function userOf(req: { headers: Record<string, string> }) {
  return read(req.headers.authorization.slice(7));
}
