export type Context = { session?: { user?: { id: string; role: string } } };
