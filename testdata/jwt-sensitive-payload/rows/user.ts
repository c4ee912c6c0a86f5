export interface User {
  id: string;
  passwordHash: string;
}
