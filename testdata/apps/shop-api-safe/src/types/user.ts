export interface User {
  id: string;
  email: string;
  passwordHash: string;
  role: 'customer' | 'admin';
}

export interface Claims {
  sub: string;
  email?: string;
  role?: string;
}

declare global {
  namespace Express {
    interface Request {
      user?: Claims;
    }
  }
}
