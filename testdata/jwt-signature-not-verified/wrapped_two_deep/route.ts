import { userOf } from './user';

export function remove(req: any, res: any) {
  if (userOf(req).role !== 'admin') return res.status(403).end();
  res.status(204).end();
}
