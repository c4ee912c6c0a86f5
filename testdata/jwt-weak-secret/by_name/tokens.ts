export const JWT_SECRET = "JWT_SECRET"; // ok: jwt-weak-secret
export const ACCESS_TOKEN_SECRET = "jwt.access.secret"; // ok: jwt-hardcoded-secret
export const jwtSecret = process.env.JWT_SECRET;
