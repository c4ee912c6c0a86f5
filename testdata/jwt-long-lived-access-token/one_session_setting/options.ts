export const authOptions = { providers: [], session: { strategy: "jwt", maxAge: 60 * 60 * 24 * 30 } };
